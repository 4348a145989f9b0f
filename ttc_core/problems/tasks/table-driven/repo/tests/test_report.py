"""Histories on paper."""

import unittest

from parcels import Machine, Parcel, timeline


class TimelineTest(unittest.TestCase):
    """What `timeline` writes."""

    def test_steps_and_fee(self):
        machine = Machine(Parcel("K-9"))
        machine.handle("accept", weight=1)
        machine.handle("cancel")
        lines = [
            "K-9: cancelled",
            "  1  accept   new > accepted",
            "  2  cancel   accepted > cancelled",
            "     to pay   2 euros",
        ]
        self.assertEqual(timeline(machine.parcel), "\n".join(lines))

    def test_a_step_that_stays(self):
        machine = Machine(Parcel("K-9"))
        machine.handle("accept", weight=1)
        machine.handle("store", shelf="A")
        machine.handle("store", shelf="B")
        self.assertEqual(timeline(machine.parcel).splitlines()[-1], "  3  store    stored")


if __name__ == "__main__":
    unittest.main()
