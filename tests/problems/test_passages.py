"""Passages: word for word, of a readable length, found by their words."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from ttc_core.problems.passages import MOST_WORDS, Index, Passage, index_of, passages_of, spans
from ttc_core.types import Document

SENTENCE = "The ferry to the far island leaves the old quay at nine. "


def document(*pages: str, name: str = "a.md") -> Document:
    return Document(name=name, pages=pages)


def words(text: str) -> int:
    return len(text.split())


def test_a_short_page_is_one_passage():
    assert passages_of([document("One fact.\n\nAnother.", "Next page.")]) == (
        Passage(document="a.md", page=1, text="One fact.\n\nAnother."),
        Passage(document="a.md", page=2, text="Next page."),
    )


def test_long_text_is_cut_between_sentences_with_one_of_them_in_both():
    first, second, *_ = passages_of([document("".join(f"Voyage {n}: {SENTENCE}" for n in range(60)))])
    assert first.text.endswith("at nine.")
    assert 120 <= words(first.text) <= MOST_WORDS
    assert second.text.split(". ")[0] in first.text


def test_a_heading_stays_with_what_follows_it():
    page = f"# Title\n\n{SENTENCE * 8}\n\n## Fares\n\nAdults pay nine crowns."
    texts = [passage.text for passage in passages_of([document(page)])]
    assert texts[0].startswith("# Title\n\nThe ferry")
    assert texts[-1] == "## Fares\n\nAdults pay nine crowns."


def test_what_has_no_borders_is_cut_all_the_same():
    texts = [passage.text for passage in passages_of([document("word " * 1000)])]
    assert [words(text) for text in texts] == [180, 180, 180, 180, 180, 100]


@given(st.text(alphabet="ab .!?\n#-|\u2019", max_size=400))
def test_passages_are_pieces_of_the_page_and_leave_no_word_out(page):
    covered = set()
    for start, end in spans(page):
        assert words(page[start:end]) <= MOST_WORDS
        covered |= set(range(start, end))
    assert all(place in covered for place, character in enumerate(page) if not character.isspace())


def test_blank_pages_and_no_documents_have_no_passages():
    assert passages_of([document("", " \n ")]) == ()
    assert Index([]).search("anything") == []
    assert Index([document("...", "the of and")]).search("the") == []


def test_the_search_finds_the_passage_with_the_rare_words():
    pages = [f"{SENTENCE * 10} The harbour cat is called {cat}." for cat in ("Minka", "Tiger", "Moritz")]
    found = Index([document(*pages)]).search("Which page names the cat Tiger?", 2)
    assert found[0][0].page == 2
    assert len(found) == 2
    assert found[0][1] > found[1][1] > 0


def test_plurals_and_file_names_are_found():
    index = Index(
        [document("Two ferries and three puppies."), document("Nothing else.", name="lighthouse-keepers.txt")]
    )
    assert index.search("ferry puppy")[0][0].document == "a.md"
    assert index.search("keeper")[0][0].document == "lighthouse-keepers.txt"


def test_words_that_are_nowhere_find_nothing():
    index = Index([document("Boats and harbours.")])
    assert index.search("zeppelin") == []
    assert index.search("") == []
    assert index.search("the is of") == []


def test_equal_passages_come_in_the_order_of_the_text():
    index = Index([document(*["A boat."] * 9)])
    assert [passage.page for passage, _ in index.search("boat", 4)] == [1, 2, 3, 4]


def test_threads_share_one_index_and_find_the_same():
    rng = random.Random(3)
    vocabulary = [f"word{n}" for n in range(500)]
    documents = (document(*(" ".join(rng.choices(vocabulary, k=150)) for _ in range(60))),)
    assert index_of(documents) is index_of((documents[0].model_copy(),))
    index = Index(documents)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: index.search("word1 word2 word3"), range(32)))
    assert all(one == found[0] for one in found)
    assert found[0] == Index(documents).search("word1 word2 word3")
