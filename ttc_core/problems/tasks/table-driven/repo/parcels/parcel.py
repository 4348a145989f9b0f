"""What is known of a parcel."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One event of a parcel's history."""

    event: str
    previous: str
    state: str


@dataclass
class Parcel:
    """A parcel; weights are in kilograms, fees in euros."""

    name: str
    state: str = "new"
    weight: float = 0
    shelf: str = ""
    misses: int = 0
    code: str = ""
    fee: int = 0
    lost_from: str = ""
    notes: list[str] = field(default_factory=list)
    history: list[Step] = field(default_factory=list)
