"""What can go wrong with a template."""


class TemplateError(Exception):
    """Something is wrong in one line of a template."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
