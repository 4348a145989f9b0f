"""A graph as an indented list."""

from needs.graph import Graph


def tree(graph: Graph, name: str) -> str:
    """What a name needs, indented; what was shown in full before is marked with ``...``."""
    lines: list[str] = []
    shown: set[str] = set()

    def draw(current: str, depth: int) -> None:
        needs = graph.needs(current)
        again = current in shown and bool(needs)
        lines.append("  " * depth + current + (" ..." if again else ""))
        if again:
            return
        shown.add(current)
        for other in needs:
            draw(other, depth + 1)

    draw(name, 0)
    return "\n".join(lines)
