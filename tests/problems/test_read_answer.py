"""Reading answers and code out of replies."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.problems import read_answer, read_answer_of, read_code
from ttc_core.types import Problem


class TestReadAnswer:
    @pytest.mark.parametrize(
        ("text", "answer"),
        [
            ("Answer: 42", "42"),
            ("answer:42", "42"),
            ("ANSWER :  42  ", "42"),
            ("Answer： 42", "42"),
            ("Thinking...\n\nAnswer: 42\n\nHope this helps!", "42"),
            ("Answer: 1\nNo, wait.\nAnswer: 2", "2"),
            ("Answer: 1\r\nAnswer: 2\r\n", "2"),
            ("**Answer:** 42", "42"),
            ("**Answer: 42**", "42"),
            ("**Answer: 42.**", "42"),
            ("**Answer: 42**.", "42"),
            ("**Answer**: 42", "42"),
            ("**Answer:** **42**", "42"),
            ("***Answer:*** 42", "42"),
            ("*Answer*: *42*", "42"),
            ("__Answer:__ 42", "42"),
            ("_Answer: snake_case_", "snake_case"),
            ("`Answer: 42`", "42"),
            ("> Answer: 42", "42"),
            ("> > **Answer:** 42", "42"),
            ("- Answer: 42", "42"),
            ("* Answer: 42", "42"),
            ("### Answer: 42", "42"),
            ("3. **Answer:** 42", "42"),
            ("Answer: `42`", "42"),
            ("Answer: `x_y`", "x_y"),
            ("Answer: $42$", "42"),
            ("Answer: $42$.", "42"),
            ("Answer: $42", "$42"),
            ("Answer: $12$ and $13$", "$12$ and $13$"),
            (r"Answer: \(42\)", "42"),
            (r"Answer: \boxed{42}", "42"),
            (r"Answer: $\boxed{42}$.", "42"),
            (r"Answer: \boxed{\frac{1}{2}}", r"\frac{1}{2}"),
            (r"Answer: \boxed{1} and \boxed{2}", r"\boxed{1} and \boxed{2}"),
            (r"Answer: \text{Paris}", "Paris"),
            ("Answer: 42.", "42"),
            ("Final answer: 42", "42"),
            ("**Final Answer:** 42", "42"),
            (r"So there are \boxed{35} sheep.", "35"),
            ("So it is:\n\\[\n\\boxed{14}\n\\]\n", "14"),
            ("It is \\(\\boxed{\\text{Ines}}\\).\n\n---", "Ines"),
            ("**Answer:**\n\\[ \\boxed{\\frac{1}{2}} \\]", r"\frac{1}{2}"),
            ("\\boxed{7}\nChecked.\nIt is \\boxed{7}.", "7"),
            ("\\boxed{7}\nAnswer: 8", "8"),
            ("Answer: $1,234.50.", "$1,234.50"),
            ("Answer: Paris.", "Paris"),
            ("Answer: U.S.A.", "U.S.A."),
            ("Answer: It is Paris.", "It is Paris."),
            ("Answer: 10:30", "10:30"),
            ("Answer: *", "*"),
            ("<think>Answer: 1</think>\nAnswer: 2", "2"),
            ("Answer: 1</think>Answer: 2</think>Answer: 3", "3"),
        ],
    )
    def test_reads_what_is_written(self, text: str, answer: str) -> None:
        assert read_answer(text) == answer

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "42",
            "The answer is 42.",
            "The Answer: 42",
            "Final verdict: Solution 2",
            "Answers: 42",
            "Answer 42",
            "Answer:",
            "**Answer:**",
            "Answer: ``",
            r"Answer: \boxed{}",
            "Answer: 1\nAnswer:",
            "Answer:\n42",
            "First \\boxed{3}.\nNow for the next step",
            r"It is \boxed{1} or \boxed{2}.",
            r"It is \boxed{4",
            r"It is \boxed{}.",
            "<think>\\boxed{1}</think>",
            "<think>Answer: 1</think>",
            "<think>Answer: 1",
        ],
    )
    def test_never_guesses(self, text: str) -> None:
        assert read_answer(text) is None

    def test_a_long_answer_is_cut_and_says_so(self) -> None:
        answer = read_answer("Answer: " + "word " * 1_000)
        assert answer is not None
        assert len(answer) == 2_000
        assert answer.startswith("word word")
        assert answer.endswith("…")

    @pytest.mark.parametrize(
        ("text", "answer"),
        [
            ("*" * 1_000_000, None),
            ("*" * 1_000_000 + "Answer: 4", "4"),
            ("> " * 500_000 + "Answer", None),
            ("Answer" + "*" * 1_000_000, None),
            ("Answer: 1\n" * 100_000, "1"),
            ("\n" * 1_000_000 + "Answer: 2", "2"),
            ("<think>" * 200_000 + "Answer: 2", None),
            ("</think>" * 200_000 + "Answer: 2", "2"),
            (r"\boxed{" * 200_000 + "7", None),
            (r"\boxed{7}" * 200_000, "7"),
            (r"\boxed{" + "{}" * 500_000, None),
            ("Answer: " + r"\boxed{" * 6 + "7" + "}" * 6, "7"),
        ],
    )
    def test_hostile_text(self, text: str, answer: str | None) -> None:
        assert read_answer(text) == answer

    @pytest.mark.parametrize("unit", [r"\boxed{", "**", "`", "$", "}", ".", "{{}}", "9", "1,", "½", "\u0301"])
    def test_hostile_answers_are_cut(self, unit: str) -> None:
        answer = read_answer("Answer: x" + unit * 200_000)
        assert answer is not None
        assert len(answer) == 2_000

    @given(st.text())
    def test_whatever_is_read_stands_in_the_reply(self, text: str) -> None:
        answer = read_answer(text)
        assert answer is None or answer in text

    @given(st.text(alphabet="aA \t*_`>#-.:$\\{}()bnswer1é", max_size=60))
    def test_what_is_read_stands_on_the_answer_line(self, value: str) -> None:
        answer = read_answer(f"Answer: {value}")
        assert answer is None or (answer in value and answer == answer.strip() != "")

    @given(st.integers(), st.text(alphabet="abc \n", max_size=40))
    def test_the_last_line_wins(self, number: int, before: str) -> None:
        assert read_answer(f"{before}\nAnswer: {number + 1}\n{before}\nAnswer: {number}\n{before}") == str(number)


class TestReadCode:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("```python\nx = 1\n```", "x = 1"),
            ("```\nx = 1\n```\ntext", "x = 1"),
            ("~~~py\nx = 1\n~~~", "x = 1"),
            ("```\nfirst\n```\nand\n```python\nsecond\n```", "second"),
            ("```python\r\nx = 1\r\ny = 2\r\n```", "x = 1\ny = 2"),
            ("```python\nx = 1", "x = 1"),
            ("```python\nx = 1\n``", "x = 1"),
            ("```python\nif x:\n    y()\n\n\nz()\n```", "if x:\n    y()\n\n\nz()"),
            ("1. So:\n   ```python\n   if x:\n       y()\n   ```", "if x:\n    y()"),
            ("````markdown\n```\ninner\n```\n````", "```\ninner\n```"),
            ("~~~\n```\n~~~", "```"),
            ("```python\ns = '```'\n```", "s = '```'"),
            ("<think>```\nold\n```</think>\n```\nnew\n```", "new"),
            ('```\na = "\u2028"\n```', 'a = "\u2028"'),
        ],
    )
    def test_reads_the_last_block(self, text: str, code: str) -> None:
        assert read_code(text) == code

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "no code",
            "`x = 1`",
            "``x``",
            "```",
            "```python\n```",
            "```\nold\n```\n```\n\n```",
            "```x``` is inline",
            "<think>```\nold\n```</think>",
            "<think>```\nold\n```",
        ],
    )
    def test_none_without_one(self, text: str) -> None:
        assert read_code(text) is None

    @pytest.mark.parametrize("text", ["`" * 1_000_000, "~`" * 500_000, " " * 1_000_000 + "```", "```\n" * 100_001])
    def test_hostile_text(self, text: str) -> None:
        assert read_code(text) is None

    @given(st.lists(st.text(alphabet="ab =()\t", min_size=1), min_size=1))
    def test_gives_back_what_was_fenced(self, lines: list[str]) -> None:
        code = "\n".join(lines)
        assert read_code(f"So:\n```python\n{code}\n```\nDone.") == (code.rstrip() or None)


@pytest.mark.parametrize(
    "line",
    ['Answer: "Answer: 42"', "Step 4: Answer: Answer: 42", "Step 12. **Answer:** 42", "Answer: Final answer: 42"],
)
def test_the_word_written_twice_or_as_a_step_is_read_once(line):
    assert read_answer(f"Working.\n{line}") == "42"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("Answer: The answer is 42.", "42"),
        ("Final Answer: The final answer is \\boxed{42}.", "42"),
        ("Answer: So the correct answer is: **42**", "42"),
        ("Answer: <answer>42</answer>", "42"),
        ("✅ **Answer: 42**", "42"),
        ("→ Answer: 42", "42"),
        ("\u200bAnswer: 42", "42"),
    ],
)
def test_what_models_put_around_an_answer_is_no_part_of_it(line: str, answer: str) -> None:
    assert read_answer(f"Working.\n\n{line}") == answer


@pytest.mark.parametrize("heading", ["### Answer", "## Final Answer", "**Final Answer**", "### **Answer**"])
def test_a_heading_without_a_colon_has_its_answer_below(heading: str) -> None:
    problem = Problem(id="t", text="How many?", kind="number")
    assert read_answer_of(f"Working.\n\n{heading}\n\n$42$\n", problem) == "42"
    assert read_answer_of(f"{heading}\n```python\nprint(6 * 7)\n```", problem) is None
    assert read_answer_of(f"{heading.strip('#* ')}\n42", problem) is None


@pytest.mark.parametrize("unit", ["Answer: ", "answer:", "Answer:\n", "**Answer", "### Answer\n", "The answer is "])
def test_the_word_said_endlessly_takes_no_time(unit: str) -> None:
    begun = time.perf_counter()
    read_answer_of("Answer: " + unit * (100_000 // len(unit)), Problem(id="t", text="How many?", kind="number"))
    assert time.perf_counter() - begun < 2
