"""The command line's door: bad input ends in one sentence on standard error and exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ttc_core.cli.arguments import parser
from ttc_core.errors import BadInput


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command; returns the exit code: 0 done, 1 the run failed, 2 bad input, 130 stopped by Ctrl-C."""
    options = parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
