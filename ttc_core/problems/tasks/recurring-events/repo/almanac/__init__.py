"""Events that come back: rules for their dates, and an agenda of several."""

from almanac.agenda import Agenda
from almanac.rule import Rule
from almanac.wording import describe, read

__all__ = ["Agenda", "Rule", "describe", "read"]
