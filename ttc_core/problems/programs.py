"""Python programs as answers: found in a reply, joined with what the problem gave, told apart; runs none of them."""

from __future__ import annotations

import ast
import hashlib
import textwrap
from collections.abc import Iterator

LONGEST_PROGRAM = 50_000
"""Characters; what is longer is not read."""

_BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What Python's own parser raises on what is no program, or is nested too deeply to be one."""


def program_of(blocks: list[str], entry: str, given: str) -> str | None:
    """The program that a reply gives.

    Args:
        blocks: What may hold it, such as the reply's fenced blocks in order.
        entry: The function that is asked for; if empty, the last block is the program.
        given: The code that the problem shows: imports, helper functions, and the head of the function.

    Returns:
        The last block that defines the function, else the last one that continues what was given; with the imports
        and helpers of `given` that it leaves out, and without the calls at its end that only try it out. The last block
        as it stands where neither is there; None without one.
    """
    blocks = [block for block in blocks if block.strip() and len(block) <= LONGEST_PROGRAM]
    if not blocks:
        return None
    whole = next((block for block in reversed(blocks) if defines(block, entry)), None)
    if whole is not None:
        return _with_given(_without_trial(whole), given, entry)
    continued = (_continued(block, given, entry) for block in reversed(blocks))
    return next((program for program in continued if program), blocks[-1])


def defines(code: str, name: str) -> bool:
    """Whether a program binds this name at its top; any program does where no name is asked for."""
    tree = parsed(code)
    return tree is not None and (not name or any(name in _names(statement) for statement in tree.body))


def program_key(code: str) -> str:
    """Equal for programs that differ in comments, docstrings and layout only; by their words if they are no Python."""
    tree = parsed(code)
    if tree is not None:
        try:
            _strip_docstrings(tree)
            return f"code:{_digest(ast.unparse(tree))}"
        except _BROKEN:
            pass  # too deep or too long a number to write out
    return f"unparsed:{_digest(code.strip())}"


def parsed(code: str) -> ast.Module | None:
    """The program's tree; None if it is none, or is too long."""
    if len(code) > LONGEST_PROGRAM:
        return None
    try:
        return ast.parse(code)
    except _BROKEN:
        return None


def without(code: str, name: str) -> str:
    """The top of a program without the definition of that function: its imports, constants and helpers."""
    tree = parsed(code)
    statements = tree.body if tree else []
    return "\n\n".join(_source(code, one) for one in statements if name not in _names(one))


def _without_trial(code: str) -> str:
    """The program without what stands at its end to try it out: prints, assertions, calls of its own functions, main.

    Models add that though nobody asked, with expectations that are often wrong, and then the program would not load.
    """
    tree = parsed(code)
    if tree is None:
        return code
    kept = list(tree.body)
    own = {name for statement in kept for name in _names(statement)}
    while kept and (_tries(kept[-1], own) or _keeps_trial(kept, own)):
        kept.pop()
    return "\n".join(code.split("\n")[: kept[-1].end_lineno]) if kept and len(kept) < len(tree.body) else code


def _tries(statement: ast.stmt, own: set[str]) -> bool:
    """Whether a statement only tries a program out, and leaves nothing behind that it may need."""
    match statement:
        case ast.Assert():
            return True
        case ast.Expr(ast.Call(ast.Name(name))):
            return name == "print" or name in own
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(module)))):
            return module in ("doctest", "unittest")
        case ast.If(ast.Compare(ast.Name("__name__"))):
            return True
    return False


def _keeps_trial(statements: list[ast.stmt], own: set[str]) -> bool:
    """Whether the last statement keeps, for nothing to use, what an own function or the user's input gives."""
    *before, last = statements
    if not isinstance(last, ast.Assign):
        return False
    calls = (node.func for node in ast.walk(last.value) if isinstance(node, ast.Call))
    called = {function.id for function in calls if isinstance(function, ast.Name)}
    used = {node.id for one in before for node in ast.walk(one) if isinstance(node, ast.Name)}
    return bool(called & (own | {"input"})) and not set(_names(last)) & used


def _with_given(code: str, given: str, entry: str) -> str:
    """The program after those imports and helpers of `given` whose names it does not bind itself."""
    tree, before = parsed(code), parsed(given)
    if tree is None or before is None or "from __future__" in code:
        return code
    bound = {name for statement in tree.body for name in _names(statement)} | {entry}
    missing = [
        _source(given, statement)
        for statement in before.body
        if not (names := set(_names(statement))) & bound and (names or isinstance(statement, ast.ImportFrom))
    ]
    return "\n".join([*missing, "", code]) if missing else code


def _continued(block: str, given: str, entry: str) -> str | None:
    """What was given and then the block as the body of its last function; None where that is no program."""
    if not entry or not defines(given, entry):
        return None
    plain = block.replace("\t", "    ")
    # Where a model goes on right after the prompt, its first line has lost its indentation.
    for body in (textwrap.indent(textwrap.dedent(plain), "    "), f"    {plain.lstrip()}"):
        program = f"{given.rstrip()}\n{body.rstrip()}\n"
        tree = parsed(program)
        if tree and any(isinstance(node, ast.Return | ast.Yield | ast.Raise) for node in ast.walk(tree)):
            return program
    return None


def _names(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top of a program binds."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.Import() | ast.ImportFrom():
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in statement.names)
        case ast.Assign() | ast.AnnAssign():
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (node.id for one in targets for node in ast.walk(one) if isinstance(node, ast.Name))


def _source(code: str, statement: ast.stmt) -> str:
    decorators = getattr(statement, "decorator_list", [])
    first = min((decorator.lineno for decorator in decorators), default=statement.lineno)
    return "\n".join(code.split("\n")[first - 1 : statement.end_lineno])


def _strip_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        match node.body:
            case [ast.Expr(ast.Constant(str())), *rest]:
                node.body = rest or ([] if isinstance(node, ast.Module) else [ast.Pass()])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
