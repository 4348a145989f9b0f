"""Reading quantities."""

import unittest

from quantities import ParseError, UnitError, parse


class ParsingTest(unittest.TestCase):
    """What `parse` reads, and what it refuses."""

    def test_number_and_unit(self):
        self.assertEqual(str(parse("2.5 km")), "2.5 km")
        self.assertEqual(str(parse("  12min ")), "12 min")

    def test_signs_and_powers_of_ten(self):
        self.assertEqual(str(parse("-4 m")), "-4 m")
        self.assertEqual(str(parse("+1.5e3 g")), "1500 g")

    def test_what_is_no_quantity(self):
        for text in ("", "km", "12", "1,5 km", "2 km away"):
            with self.subTest(text), self.assertRaises(ParseError):
                parse(text)

    def test_unknown_unit(self):
        with self.assertRaises(UnitError):
            parse("3 parsecs")


if __name__ == "__main__":
    unittest.main()
