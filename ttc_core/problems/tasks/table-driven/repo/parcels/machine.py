"""What may happen to a parcel, and what comes of it."""

from typing import Any

from parcels.errors import Refused, UnknownEvent
from parcels.parcel import Parcel, Step

HEAVIEST = 30
MOST_MISSES = 3


class Machine:
    """Moves one parcel from state to state."""

    def __init__(self, parcel: Parcel) -> None:
        self.parcel = parcel

    def handle(self, event: str, **data: Any) -> str:
        """Let an event happen to the parcel; the state after it.

        Raises:
            UnknownEvent: There is no such event.
            Refused: It may not happen now, or not with these data. The parcel is as before.
        """
        parcel = self.parcel
        previous = parcel.state
        if event == "note":
            parcel.notes.append(str(data.get("text", "")))
            return parcel.state
        elif event not in (
            "accept",
            "arrive",
            "cancel",
            "collect",
            "deliver",
            "expire",
            "find",
            "load",
            "lose",
            "miss",
            "recall",
            "store",
        ):
            raise UnknownEvent(f"unknown event: {event}")
        elif previous == "new":
            if event == "accept":
                weight = data.get("weight", 0)
                if not 0 < weight <= HEAVIEST:
                    raise Refused(f"{parcel.name}: the weight must be up to {HEAVIEST} kg")
                parcel.weight = weight
                parcel.state = "accepted"
            elif event == "cancel":
                parcel.state = "cancelled"
            else:
                raise Refused(f"{parcel.name}: no {event} while {previous}")
        elif previous == "accepted":
            if event == "store":
                if not data.get("shelf"):
                    raise Refused(f"{parcel.name}: a shelf is needed")
                parcel.shelf = data["shelf"]
                parcel.state = "stored"
            elif event == "load":
                parcel.state = "on_route"
            elif event == "cancel":
                parcel.fee += 2
                parcel.state = "cancelled"
            else:
                raise Refused(f"{parcel.name}: no {event} while {previous}")
        elif previous == "stored":
            if event == "store":
                if not data.get("shelf"):
                    raise Refused(f"{parcel.name}: a shelf is needed")
                if data["shelf"] == parcel.shelf:
                    raise Refused(f"{parcel.name}: it is on shelf {parcel.shelf} already")
                parcel.shelf = data["shelf"]
            elif event == "load":
                parcel.shelf = ""
                parcel.state = "on_route"
            else:
                raise Refused(f"{parcel.name}: no {event} while {previous}")
        elif previous == "on_route":
            if event == "deliver":
                parcel.state = "delivered"
            elif event == "miss":
                parcel.misses += 1
                if parcel.misses < MOST_MISSES:
                    parcel.shelf = "door"
                    parcel.state = "stored"
                else:
                    parcel.code = f"{parcel.name}-{len(parcel.history)}"
                    parcel.state = "waiting"
            elif event == "recall":
                parcel.state = "returning"
            elif event == "lose":
                parcel.lost_from = previous
                parcel.state = "lost"
            else:
                raise Refused(f"{parcel.name}: no {event} while {previous}")
        elif previous == "waiting":
            if event == "collect":
                if data.get("code") != parcel.code:
                    raise Refused(f"{parcel.name}: wrong code")
                parcel.state = "delivered"
            elif event == "expire":
                parcel.code = ""
                parcel.state = "returning"
            else:
                raise Refused(f"{parcel.name}: no {event} while {previous}")
        elif previous == "returning":
            if event == "arrive":
                parcel.state = "returned"
            elif event == "lose":
                parcel.lost_from = previous
                parcel.state = "lost"
            else:
                raise Refused(f"{parcel.name}: no {event} while {previous}")
        elif previous == "lost":
            if event == "find":
                if parcel.lost_from == "returning":
                    parcel.state = "returning"
                else:
                    parcel.shelf = "found"
                    parcel.state = "stored"
                parcel.lost_from = ""
            else:
                raise Refused(f"{parcel.name}: no {event} while {previous}")
        else:
            raise Refused(f"{parcel.name}: {previous}, nothing more can happen")
        parcel.history.append(Step(event, previous, parcel.state))
        return parcel.state

    def allowed(self) -> list[str]:
        """The events that are possible in the present state, by name; a note always is."""
        state = self.parcel.state
        if state == "new":
            return ["accept", "cancel"]
        elif state == "accepted":
            return ["cancel", "load", "store"]
        elif state == "stored":
            return ["load", "store"]
        elif state == "on_route":
            return ["deliver", "lose", "miss", "recall"]
        elif state == "waiting":
            return ["collect", "expire"]
        elif state == "returning":
            return ["arrive", "lose"]
        elif state == "lost":
            return ["find"]
        else:
            return []
