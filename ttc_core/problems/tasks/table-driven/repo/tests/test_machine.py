"""What happens to parcels."""

import unittest

from parcels import Machine, Parcel, Refused, Step, UnknownEvent


class MachineTest(unittest.TestCase):
    """Events, from state to state."""

    def setUp(self):
        self.parcel = Parcel("K-1")
        self.machine = Machine(self.parcel)

    def run_events(self, *events):
        data = {"accept": {"weight": 4}, "store": {"shelf": "A"}}
        return [self.machine.handle(event, **data.get(event, {})) for event in events]

    def test_straight_to_the_door(self):
        states = self.run_events("accept", "load", "deliver")
        self.assertEqual(states, ["accepted", "on_route", "delivered"])
        self.assertEqual(self.parcel.history[1], Step("load", "accepted", "on_route"))

    def test_weight(self):
        for weight in (0, -1, 30.1):
            with self.subTest(weight), self.assertRaises(Refused):
                self.machine.handle("accept", weight=weight)
        self.assertEqual((self.parcel.state, self.parcel.history), ("new", []))
        self.machine.handle("accept", weight=30)

    def test_shelves(self):
        self.run_events("accept", "store")
        with self.assertRaisesRegex(Refused, "on shelf A already"):
            self.machine.handle("store", shelf="A")
        self.assertEqual(self.machine.handle("store", shelf="B"), "stored")
        self.assertEqual(len(self.parcel.history), 3)

    def test_nobody_at_home(self):
        states = self.run_events("accept", "load", "miss", "load", "miss", "load", "miss")
        self.assertEqual(states[2::2], ["stored", "stored", "waiting"])
        with self.assertRaisesRegex(Refused, "wrong code"):
            self.machine.handle("collect", code="?")
        self.assertEqual(self.machine.handle("collect", code=self.parcel.code), "delivered")

    def test_lost_and_found(self):
        states = self.run_events("accept", "load", "lose", "find")
        self.assertEqual(states[-1], "stored")

    def test_cancelling_costs_after_acceptance(self):
        self.run_events("accept", "cancel")
        self.assertEqual(self.parcel.fee, 2)

    def test_what_is_over_is_over(self):
        self.run_events("cancel")
        with self.assertRaisesRegex(Refused, "K-1: cancelled, nothing more can happen"):
            self.machine.handle("accept", weight=1)

    def test_unknown_events(self):
        with self.assertRaises(UnknownEvent):
            self.machine.handle("explode")

    def test_notes(self):
        self.assertEqual(self.machine.handle("note", text="fragile"), "new")
        self.assertEqual((self.parcel.notes, self.parcel.history), (["fragile"], []))

    def test_allowed(self):
        self.assertEqual(self.machine.allowed(), ["accept", "cancel"])
        self.run_events("accept")
        self.assertEqual(self.machine.allowed(), ["cancel", "load", "store"])


if __name__ == "__main__":
    unittest.main()
