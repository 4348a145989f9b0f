"""What can go wrong."""


class GraphError(ValueError):
    """Base of all errors of this library."""


class UnknownName(GraphError):
    """The graph has no such name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown name: {name}")
        self.name = name
