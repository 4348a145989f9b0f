"""The one door between strategies and models, with the log, the budget and the seeds behind it."""

from ttc_core.run.limiter import Limiter, Limits
from ttc_core.run.log import Log
from ttc_core.run.meter import Meter
from ttc_core.run.roster import Roster, Seat
from ttc_core.run.run import Run

__all__ = ["Limiter", "Limits", "Log", "Meter", "Roster", "Run", "Seat"]
