"""The command line: run, replay, resume, list, export and import, without a browser."""

from ttc_core.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
