"""What can happen in a run, and the one fold that every picture, number, replay and link is made from."""

from ttc_core.events.fold import Fold, fold
from ttc_core.events.kinds import EVENT, Event, Logged

__all__ = ["EVENT", "Event", "Fold", "Logged", "fold"]
