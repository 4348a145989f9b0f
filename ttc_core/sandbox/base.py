"""What a sandbox is asked for and what it gives: plain values, and the error of having none that holds."""

from __future__ import annotations

from typing import Final, Literal

from ttc_core.errors import TTCError
from ttc_core.types import Value

Ending = Literal["exited", "timeout", "output", "killed"]
"""``output``: it wrote more than it may. ``killed``: by a limit of memory, time or processes, or by itself."""


class NoSandbox(TTCError):
    """No sandbox of this machine holds, so code is not run; the message says why."""


class Limits(Value):
    """What one command may use. Whatever passes a limit is killed with all it started."""

    wall_s: float = 10.0
    cpu_s: int = 10
    memory_mb: int = 512
    output_bytes: int = 200_000
    """Of standard output, and as many of standard error."""
    processes: int = 64
    disk_mb: int = 64


USUAL: Final = Limits()
"""Where nothing else is said."""


class Ran(Value):
    """What came of one command."""

    code: int
    """As the shell says it: 0 is well, 128 + n is killed by signal n."""
    output: str = ""
    errors: str = ""
    ended: Ending = "exited"
    seconds: float = 0.0
