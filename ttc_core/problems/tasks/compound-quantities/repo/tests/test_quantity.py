"""Converting, adding, comparing and writing quantities."""

import unittest

from quantities import UnitError, parse


class QuantityTest(unittest.TestCase):
    """What a `Quantity` can do."""

    def test_there_and_back_is_exact(self):
        miles = parse("26.2 mi")
        self.assertEqual(miles.to("in").to("mi").value, miles.value)

    def test_sums_take_the_unit_of_the_left_side(self):
        self.assertEqual(str(parse("1 h") + parse("15 min")), "1.25 h")
        self.assertEqual(str(parse("15 min") - parse("1 h")), "-45 min")

    def test_comparing(self):
        self.assertEqual(parse("1000 m"), parse("1 km"))
        self.assertEqual(len({parse("60 s"), parse("1 min")}), 1)
        self.assertLess(parse("2 lb"), parse("1 kg"))
        self.assertNotEqual(parse("1 m"), parse("1 s"))

    def test_dimensions_do_not_mix(self):
        with self.assertRaises(UnitError):
            parse("1 m") + parse("1 s")
        with self.assertRaises(UnitError):
            parse("1 kg").to("km")

    def test_writing_rounds_to_six_places(self):
        self.assertEqual(str(parse("1 d").to("wk")), "0.142857 wk")
        self.assertEqual(str(parse("0 m")), "0 m")


if __name__ == "__main__":
    unittest.main()
