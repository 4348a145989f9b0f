"""A small template engine."""

from collections.abc import Mapping

from stencil.errors import TemplateError
from stencil.parser import parse

__all__ = ["TemplateError", "render"]


def render(template: str, values: Mapping[str, object]) -> str:
    """The template, filled in. The values themselves are left as they are.

    Raises:
        TemplateError: The template is malformed, or asks for what the values do not hold.
    """
    scope = dict(values)
    return "".join(node.render(scope) for node in parse(template))
