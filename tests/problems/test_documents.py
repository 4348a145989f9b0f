"""Files that people add: read page by page, or refused with a sentence that says what to do."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from tests.problems import pdfs
from ttc_core.errors import BadInput
from ttc_core.problems.documents import (
    LONGEST_NAME,
    MOST_BYTES,
    MOST_CHARACTERS,
    MOST_DOCUMENTS,
    MOST_PAGES,
    check_documents,
    clean_name,
    read_document,
    read_documents,
)
from ttc_core.types import Document


def test_a_text_is_one_page_and_keeps_its_words():
    document = read_document("notes.md", "\ufeff# Häfen\r\n\r\nDie Fähre kostet 3 €.\n".encode())
    assert document == Document(name="notes.md", pages=("# Häfen\n\nDie Fähre kostet 3 €.",))


def test_form_feeds_part_a_text_into_pages():
    assert read_document("a.txt", b"one\ftwo\n\f\fthree").pages == ("one", "two", "", "three")


def test_utf_16_with_its_mark_is_text():
    assert read_document("a.txt", "grün".encode("utf-16")).pages == ("grün",)


def test_control_characters_are_left_out():
    assert read_document("a.txt", b"a\x1b[31mred\x07\tb").pages == ("a[31mred\tb",)


def test_a_pdf_is_read_by_its_pages():
    document = read_document("guide.pdf", pdfs.pdf("The first page.\nTwo lines.", "The second page."))
    assert document.pages == ("The first page.\nTwo lines.", "The second page.")


def test_a_pdf_is_known_by_its_content_and_a_blank_page_keeps_its_number():
    assert read_document("guide.txt", pdfs.pdf("First.", "", "Third.")).pages == ("First.", "", "Third.")


def test_a_pdf_encrypted_with_no_password_is_read():
    data = pdfs.encrypted(pdfs.pdf("Anyone may read this."), "")
    assert PdfReader(io.BytesIO(data)).is_encrypted
    assert read_document("open.pdf", data).pages == ("Anyone may read this.",)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\t ", "is empty"),
        ("blank.txt", b"\x01\x02\f\x03", "no text that could be searched"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither a PDF nor text"),
        ("latin.txt", "grün".encode("latin-1"), "neither a PDF nor text"),
        ("zeros.txt", b"a\x00b", "neither a PDF nor text"),
        ("secret.pdf", pdfs.encrypted(pdfs.pdf("Hidden."), "open sesame"), "is encrypted"),
        ("scan.pdf", pdfs.pdf("", ""), "may be scanned"),
        ("cut.pdf", b"%PDF-1.7\n" + b"garbage " * 50, "is damaged"),
        ("half.pdf", pdfs.pdf("One page.")[:120], "is damaged"),
        ("thick.pdf", pdfs.pdf(*["a"] * (MOST_PAGES + 1)), "more than 500 pages"),
        ("long.pdf", pdfs.pdf(*["long " * 90_000] * 5), "more than 2,000,000 characters"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(name, data, said):
    with pytest.raises(BadInput, match=said) as refused:
        read_document(name, data)
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_pdf_that_swells_is_given_up():
    data = pdfs.bomb(200)
    assert len(data) < 1_000_000
    with pytest.raises(BadInput, match="damaged, or made to be unreadable"):
        read_document("bomb.pdf", data)


def test_a_pdf_that_takes_too_long_is_given_up():
    with pytest.raises(BadInput, match=r"could not be read within 0\.001 seconds"):
        read_document("slow.pdf", pdfs.pdf("A page."), seconds=0.001)


def test_a_pdf_that_goes_in_circles_is_read_or_refused():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdfs.pdf("Round."))))
    out = io.BytesIO()
    writer.write(out)
    data = out.getvalue().replace(b"/Type /Pages", b"/Type /Pages /Parent 1 0 R")
    circular = pdfs.pdf("Round.").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    assert read_document("a.pdf", data).pages == ("Round.",)
    with pytest.raises(BadInput):
        read_document("b.pdf", circular)


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(BadInput, match="the most is 20 MB"):
        read_document("big.pdf", b"%PDF-" + bytes(MOST_BYTES))


def test_bounds_hold_for_all_documents_together():
    half = Document(name="half", pages=("x" * (MOST_CHARACTERS // 2),))
    check_documents([half, half])
    with pytest.raises(BadInput, match="2,000,001 characters together"):
        check_documents([half, half, Document(name="one", pages=("x",))])
    with pytest.raises(BadInput, match=f"may have {MOST_DOCUMENTS}"):
        read_documents((f"{n}.txt", b"text") for n in range(MOST_DOCUMENTS + 1))
    with pytest.raises(BadInput, match="pages"):
        read_document("a.txt", b"page\f" * (MOST_PAGES + 1))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\notes.txt", "notes.txt"),
        ("a\nb\x1b[0m\u202e.txt", "a b [0m .txt"),
        ("///", "document"),
        ("", "document"),
        ("<img src=x onerror=alert(1)>.md", "<img src=x onerror=alert(1)>.md"),
        ("a\ud800b.md", "a b.md"),
    ],
)
def test_names_are_bare(given, name):
    cleaned = clean_name(given)
    assert cleaned == name
    assert clean_name(cleaned) == cleaned


def test_long_names_keep_their_ending():
    name = clean_name("x" * 500 + ".pdf")
    assert len(name) <= LONGEST_NAME
    assert name.endswith("….pdf")
    assert len(clean_name("y" * 500)) == LONGEST_NAME


def test_equal_names_are_told_apart():
    files = [("a/notes.md", b"one"), ("b/notes.md", b"two"), ("notes.md", b"three"), ("README", b"4"), ("README", b"5")]
    names = [document.name for document in read_documents(files)]
    assert names == ["notes.md", "notes (2).md", "notes (3).md", "README", "README (2)"]


def test_documents_kept_so_far_come_first_and_count():
    kept = read_documents([("notes.md", b"one")])
    assert [document.name for document in read_documents([("notes.md", b"two")], kept)] == ["notes.md", "notes (2).md"]
    full = read_documents((f"{n}.txt", b"text") for n in range(MOST_DOCUMENTS))
    with pytest.raises(BadInput, match="may have 20 documents"):
        read_documents([("one more.txt", b"text")], full)
