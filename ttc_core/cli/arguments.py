"""What the command line understands."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import NoReturn, get_args

from ttc_core import __version__
from ttc_core.choice import Effort, Price
from ttc_core.cli import doctor, look, models, problems, runs

MODEL_HELP = "simulated, local/NAME, a LiteLLM name, or NAME@http://HOST/v1 for a server; several take turns"


class OneSentence(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with exit code 2."""
        self.exit(2, f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.\n")


def parser() -> argparse.ArgumentParser:
    """The whole grammar."""
    top = OneSentence(prog="python -m ttc_core", description="Test-time compute strategies from the command line.")
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _run(_command(commands, "run", runs.run, "run a strategy on a problem"))
    resume = _command(commands, "resume", runs.resume, "go on with a run that was cut off")
    resume.add_argument("run", metavar="RUN")
    resume.add_argument("--api-key-env", metavar="VAR", help="environment variable that holds the key")
    replay = _command(commands, "replay", look.replay, "a session's graph at any moment, without any call")
    replay.add_argument("session", metavar="SESSION")
    replay.add_argument("--at", type=_count, metavar="N", help="after the first N events (default: all)")
    replay.add_argument("--run", metavar="RUN", help="which run of the session (default: the first)")
    _command(commands, "strategies", look.list_strategies, "the strategies and their settings")
    _problems(commands)
    sessions = _command(commands, "sessions", look.list_sessions, "saved sessions, newest first")
    sessions.add_argument("--search", default="", metavar="WORDS")
    export = _command(commands, "export", look.export, "save a session as .json or .html")
    export.add_argument("session", metavar="SESSION")
    export.add_argument("file", metavar="FILE")
    load = _command(commands, "import", look.load, "read a session from a .json file")
    load.add_argument("file", metavar="FILE")
    check = _command(commands, "doctor", doctor.doctor, "what is installed, what can answer, where the database is")
    check.add_argument("--verify", action="store_true", help="read all fetched weights and check their SHA-256")
    _models(commands.add_parser("models", help="models to ask: list, fetch, remove, search"))
    return top


def _problems(commands: argparse._SubParsersAction[OneSentence]) -> None:
    top = _command(commands, "problems", problems.list_problems, "problems to solve: list, shelves, show, import")
    top.set_defaults(shelf="built-in")
    subcommands = top.add_subparsers(metavar="COMMAND")
    shelf = _command(subcommands, "list", problems.list_problems, "the problems on a shelf")
    shelf.add_argument("shelf", nargs="?", default="built-in", metavar="SHELF")
    _command(subcommands, "shelves", problems.list_shelves, "the shelves of the library")
    load = _command(subcommands, "import", problems.import_problems, "keep problems of your own from a JSON Lines file")
    load.add_argument("file", metavar="FILE")
    show = _command(subcommands, "show", problems.show_problem, "one problem, as a strategy sees it")
    show.add_argument("id", metavar="ID", help="such as word/sheep, humaneval/0, gym/gcd/7, task/NAME, own/ID")
    show.add_argument("--reference", action="store_true", help="also what is right, hidden tests included")


def _models(command: OneSentence) -> None:
    command.description = "Models to ask."
    subcommands = command.add_subparsers(required=True, metavar="COMMAND")
    _command(subcommands, "list", models.list_models, "what is here: local models, servers, providers with a key")
    for name, do, words in (
        ("fetch", models.fetch_model, "bring the weights of a local model here, or go on with it"),
        ("remove", models.remove_model, "delete the weights of a local model"),
    ):
        _command(subcommands, name, do, words).add_argument("name", metavar="NAME")
    search = _command(subcommands, "search", models.search, "find models of all providers, with context and prices")
    search.add_argument("words", nargs="+", metavar="WORDS")


def _command(
    commands: argparse._SubParsersAction[OneSentence], name: str, do: Callable[[argparse.Namespace], int], words: str
) -> OneSentence:
    command = commands.add_parser(name, help=words, description=words)
    command.set_defaults(command=do)
    command.add_argument("--db", metavar="URL", help="database (default: $TTC_DATABASE_URL, else a file of yours)")
    command.add_argument("--json", action="store_true", help="print one JSON value and nothing else")
    return command


def _run(command: argparse.ArgumentParser) -> None:
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--problem", metavar="TEXT", help="the problem itself")
    what.add_argument("--problem-id", metavar="ID", help="a problem of the library; `problems shelves` lists them")
    command.add_argument("--reference", metavar="ANSWER", help="the right answer; only the final check sees it")
    command.add_argument(
        "--document", action="append", default=[], metavar="FILE", help="text, Markdown or PDF to search"
    )
    command.add_argument("--rubric", metavar="TEXT", help="by what answers are judged where none is right")
    command.add_argument("--strategy", required=True, metavar="NAME")
    command.add_argument("--preset", default="quick", help="quick (default) or paper")
    command.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting")
    command.add_argument("--model", action="append", help=f"{MODEL_HELP} (default: the best that is ready)")
    command.add_argument("--judge", metavar="MODEL", help="who compares and scores (default: the first model)")
    command.add_argument("--api-base", metavar="URL", help="an OpenAI-compatible server, for models without @")
    command.add_argument("--api-key-env", metavar="VAR", help="environment variable that holds the first model's key")
    command.add_argument("--judge-api-key-env", metavar="VAR", help="the same for the judge")
    command.add_argument("--effort", choices=[e for e in get_args(Effort) if e], help="how long reasoning models think")
    command.add_argument("--thinking-tokens", type=_tokens, metavar="N", help="tokens on top of each call to think")
    command.add_argument("--price", type=_price, metavar="IN,OUT[,CACHED]", help="dollars per million tokens")
    command.add_argument("--requests-per-minute", type=_rate, metavar="X", help="the most for each model")
    command.add_argument("--budget-calls", type=_count, metavar="N")
    command.add_argument("--budget-tokens", type=_count, metavar="N")
    command.add_argument("--budget-dollars", type=_amount, metavar="X")
    command.add_argument("--budget-seconds", type=_amount, metavar="S")
    command.add_argument("--concurrency", type=_count, default=64, metavar="N", help="calls in flight (default: 64)")
    command.add_argument(
        "--timeout", type=_amount, metavar="S", help="seconds a call may wait in silence (default: 120)"
    )
    command.add_argument("--seed", type=int, default=0, metavar="N")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= len(text) <= 12 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from 1")
    return int(text)


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not 0 < amount < math.inf:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number above 0")
    return amount


def _tokens(text: str) -> int:
    if not text.isdecimal() or len(text) > 7 or int(text) > 1_000_000:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number up to 1000000")
    return int(text)


def _rate(text: str) -> float:
    if (rate := _amount(text)) > 1_000_000:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is more than 1000000")
    return rate


def _price(text: str) -> Price:
    """Dollars per million tokens, as dollars per token."""
    try:
        amounts = [float(part) / 1e6 for part in text.split(",")]
    except ValueError:
        amounts = []
    if len(amounts) not in (2, 3) or not all(0 <= amount < math.inf for amount in amounts):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no price such as 0.25,2 or 0.25,2,0.025")
    return Price(input=amounts[0], output=amounts[1], cached=amounts[2] if len(amounts) == 3 else None)
