"""Plausible wrong programs, made from a right one by one small slip each; runs none of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy

from ttc_core.problems.programs import parsed, program_key

_COMPARES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATES: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.FloorDiv,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}
_NAMES = {
    "min": "max",
    "max": "min",
    "all": "any",
    "any": "all",
    "sorted": "list",
    "upper": "lower",
    "lower": "upper",
    "isupper": "islower",
    "islower": "isupper",
    "append": "extend",
    "index": "count",
    "set": "list",
    "sum": "len",
    "len": "sum",
    "ceil": "floor",
    "floor": "ceil",
    "abs": "int",
}
_JOINS: dict[type[ast.boolop], type[ast.boolop]] = {ast.And: ast.Or, ast.Or: ast.And}


def mutants(program: str, entry: str) -> Iterator[str]:
    """Programs that differ from this one in one slip inside the function; always the same ones, the likeliest first.

    Slips are: the edge of a comparison, a constant off by one, one operator or function for another, "and" for "or",
    an answer turned round, and the argument given back as it came. No program is run, so one may happen to be right.

    Args:
        program: A right program.
        entry: The function in which slips are made.
    """
    tree = parsed(program)
    if tree is None:
        return
    seen = {program_key(program)}
    for slip in _slips(tree, entry):
        text = ast.unparse(ast.fix_missing_locations(slip))
        key = program_key(text)
        if key not in seen and parsed(text) is not None:
            seen.add(key)
            yield text


def _slips(tree: ast.Module, entry: str) -> Iterator[ast.Module]:
    """One slip in each kind of place before a second in any, from the function's end, where answers are made."""
    kinds = (ast.Compare, ast.Constant, ast.BinOp, ast.BoolOp, ast.Return, ast.Call, ast.IfExp)
    rows = [list(_places(tree, entry, kind)) for kind in kinds]
    for turn in range(max(map(len, rows), default=0)):
        for row in rows:
            if turn < len(row):
                copy = deepcopy(tree)
                _slip(list(ast.walk(copy))[row[turn]])
                yield copy
    yield from _given_back(tree, entry)


def _given_back(tree: ast.Module, entry: str) -> Iterator[ast.Module]:
    """The last answer replaced by the function's first argument, where it is not that already."""
    copy = deepcopy(tree)
    function = _function(copy, entry)
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return)] if function else []
    if function and function.args.args and returns:
        returns[-1].value = ast.Name(id=function.args.args[0].arg, ctx=ast.Load())
        yield copy


def _places(tree: ast.Module, entry: str, kind: type[ast.AST]) -> Iterator[int]:
    """Where, in the order of a walk, nodes of this kind stand inside the function and can slip."""
    function = _function(tree, entry)
    inside = {id(node) for statement in _body(function) for node in ast.walk(statement)} if function else set()
    for place, node in reversed(list(enumerate(ast.walk(tree)))):
        if id(node) in inside and isinstance(node, kind) and _slip(deepcopy(node)):
            yield place


def _function(tree: ast.Module, entry: str) -> ast.FunctionDef | None:
    return next((one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == entry), None)


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    documented = ast.get_docstring(function, clean=False) is not None
    return function.body[1:] if documented else function.body


def _slip(node: ast.AST) -> bool:
    """Change a node in place; whether there was anything to change."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARES:
            node.ops = [_COMPARES[type(op)]()]
        case ast.BinOp(op=op) if type(op) in _OPERATES:
            node.op = _OPERATES[type(op)]()
        case ast.BoolOp(op=op):
            node.op = _JOINS[type(op)]()
        case ast.Call(func=ast.Name(id=name) as called) if name in _NAMES:
            called.id = _NAMES[name]
        case ast.Call(func=ast.Attribute(attr=name) as method) if name in _NAMES:
            method.attr = _NAMES[name]
        case ast.IfExp(body=first, orelse=second):
            node.body, node.orelse = second, first
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            node.value = _turned(value)
        case _:
            return False
    return True


def _turned(value: ast.expr) -> ast.expr:
    """Another answer of the same kind where the kind shows: a pair swapped, a list reversed, a truth denied."""
    match value:
        case ast.Tuple(elts=[first, second]):
            return ast.Tuple(elts=[second, first], ctx=ast.Load())
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return ast.UnaryOp(op=ast.Not(), operand=value)
        case ast.List() | ast.ListComp():
            every = ast.Slice(step=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)))
            return ast.Subscript(value=value, slice=every, ctx=ast.Load())
        case _:
            return value
