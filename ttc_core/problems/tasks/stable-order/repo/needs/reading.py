"""From text to a graph."""

import re

from needs.errors import GraphError
from needs.graph import Graph

NAME = re.compile(r"[A-Za-z0-9_.-]+")


def read(text: str) -> Graph:
    """Read lines such as ``app: server, pages``; what follows a ``#`` is a comment.

    Raises:
        GraphError: A line is not of this form; the message gives its number.
    """
    graph = Graph()
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        name, colon, rest = line.partition(":")
        others = [other.strip() for other in rest.split(",")] if rest.strip() else []
        if not colon or not all(NAME.fullmatch(word) for word in (name.strip(), *others)):
            raise GraphError(f"line {number}: not of the form 'name: need, need'")
        graph.add(name.strip(), others)
    return graph
