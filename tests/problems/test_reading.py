"""The shipped reading questions: what they need is in the documents, and can be found by searching twice."""

from __future__ import annotations

import pytest

from ttc_core.problems import check, equivalent, find
from ttc_core.problems.passages import index_of
from ttc_core.problems.reading import entries, questions, texts

QUESTIONS = {str(question["id"]): question for question in questions()}


def needs(question) -> set[tuple[str, str]]:
    return {(name, quote) for name, quote in question["needs"]}


def found(question, query: str) -> set[tuple[str, str]]:
    passages = [passage for passage, _ in index_of(texts()).search(query, 4)]
    return {
        (name, quote)
        for name, quote in needs(question)
        if any(p.document == name and quote in p.text for p in passages)
    }


def test_there_are_enough_questions_and_documents_of_a_fitting_length():
    assert len(entries()) == len(QUESTIONS) >= 15
    assert len(texts()) >= 6
    assert all(400 <= len(page.split()) <= 900 for document in texts() for page in document.pages)
    assert {entry.difficulty for entry in entries()} == {"easy", "medium", "hard"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_joins_facts_that_stand_in_the_documents(name):
    question = QUESTIONS[name]
    pages = {document.name: document.pages[0] for document in texts()}
    assert len(question["needs"]) >= 2
    assert len({document for document, _ in needs(question)}) >= 2
    for document, quote in needs(question):
        assert quote in pages[document]


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_single_passage_holds_all_that_is_needed(name):
    question = QUESTIONS[name]
    assert not any({(name, quote) for name, quote in needs(question) if quote in page} == needs(question)
                   for document in texts() for page in document.pages)  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
def test_two_searches_bring_up_all_that_is_needed(name):
    question = QUESTIONS[name]
    first, second = found(question, question["text"]), found(question, question["then"])
    assert first | second == needs(question)


def test_the_question_alone_finds_a_beginning_but_seldom_all():
    begun = [name for name, question in QUESTIONS.items() if found(question, question["text"])]
    whole = [name for name, question in QUESTIONS.items() if found(question, question["text"]) == needs(question)]
    assert len(begun) >= 0.9 * len(QUESTIONS)
    assert len(whole) <= 0.6 * len(QUESTIONS)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.problem.id)
def test_references_are_told_from_misconceptions(entry):
    problem, reference = entry.problem, entry.reference
    assert check(reference.answer, problem, reference).outcome == "correct"
    assert len(reference.misconceptions) >= 3
    for wrong in reference.misconceptions:
        assert check(wrong, problem, reference).outcome == "incorrect"
    wrongs = reference.misconceptions
    assert not any(equivalent(a, b, problem) for i, a in enumerate(wrongs) for b in wrongs[:i])


def test_the_library_knows_them():
    entry = find("reading/lens")
    assert entry.reference.answer == "23"
    assert {document.name for document in entry.problem.documents} == {document.name for document in texts()}
    assert entry.problem.asked.documents == ()


def test_a_problem_does_not_tell_what_its_question_rests_on():
    for entry in entries():
        told = entry.problem.model_dump_json(exclude={"documents"})
        assert "needs" not in told
        assert str(QUESTIONS[entry.problem.id]["then"]) not in told
