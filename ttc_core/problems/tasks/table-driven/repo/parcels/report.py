"""A parcel's history on paper."""

from parcels.parcel import Parcel


def timeline(parcel: Parcel) -> str:
    """One line for every step, and one for what is to be paid."""
    lines = [f"{parcel.name}: {parcel.state}"]
    for number, step in enumerate(parcel.history, 1):
        arrow = "" if step.state == step.previous else f" > {step.state}"
        lines.append(f"{number:>3}  {step.event:<8} {step.previous}{arrow}")
    if parcel.fee:
        lines.append(f"     to pay   {parcel.fee} euros")
    return "\n".join(lines)
