"""What a form must know of a pydantic field; knows no widget."""

from __future__ import annotations

from typing import Any

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo


def bounds(field: FieldInfo) -> tuple[Any, Any]:
    """The lowest and highest value a number may have, in the field's own type; None where that side is open."""
    number: Any = int if field.annotation is int else float
    low = next((number(item.ge) for item in field.metadata if isinstance(item, Ge)), None)
    high = next((number(item.le) for item in field.metadata if isinstance(item, Le)), None)
    return low, high
