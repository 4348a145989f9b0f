"""The life of a parcel."""

from parcels.errors import ParcelError, Refused, UnknownEvent
from parcels.machine import Machine
from parcels.parcel import Parcel, Step
from parcels.report import timeline

__all__ = ["Machine", "Parcel", "ParcelError", "Refused", "Step", "UnknownEvent", "timeline"]
