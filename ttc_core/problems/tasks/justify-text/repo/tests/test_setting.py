import unittest

from typeset import align_line, frame, paragraphs, typeset


class AlignTest(unittest.TestCase):
    def test_right_and_center(self):
        self.assertEqual(align_line("sea", 8, "right"), "     sea")
        self.assertEqual(align_line("sea", 8, "center"), "  sea")

    def test_full_widens_the_first_gaps_more(self):
        self.assertEqual(align_line("a bb c d", 13, "full"), "a   bb   c  d")

    def test_full_keeps_the_indent(self):
        self.assertEqual(align_line("  two words", 14, "full"), "  two    words")

    def test_a_single_word_is_not_stretched(self):
        self.assertEqual(align_line("alone", 12, "full"), "alone")

    def test_unknown_alignments_are_refused(self):
        with self.assertRaises(ValueError):
            align_line("sea", 8, "middle")


class TypesetTest(unittest.TestCase):
    def test_paragraphs_are_separated_by_empty_lines(self):
        self.assertEqual(paragraphs("one\none\n\n \ntwo\n"), ["one\none", "two"])

    def test_the_last_line_is_not_stretched(self):
        self.assertEqual(typeset("gulls cry over us", 11, "full"), "gulls   cry\nover us")

    def test_bullets_stand_out(self):
        text = "Bring:\n\n- a long rope\n\n10. one dry match"
        self.assertEqual(
            typeset(text, 10), "Bring:\n\n- a long\n  rope\n\n10. one\n    dry\n    match"
        )


class FrameTest(unittest.TestCase):
    def test_a_frame_is_as_wide_as_it_is_told(self):
        framed = "+- Log -----+\n| all well  |\n+-----------+"
        self.assertEqual(frame("all well", 13, title="Log"), framed)

    def test_a_title_must_fit(self):
        with self.assertRaises(ValueError):
            frame("x", 10, title="Logbook")


if __name__ == "__main__":
    unittest.main()
