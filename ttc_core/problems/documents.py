"""Text, Markdown and PDF files made into documents that attempts may search; knows nothing of uploads or searching."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from ttc_core.errors import BadInput
from ttc_core.types import Document

MOST_DOCUMENTS = 20
MOST_BYTES = 20_000_000
"""Of one file."""
MOST_PAGES = 500
"""Of one document."""
MOST_CHARACTERS = 2_000_000
"""Of all documents of a problem together."""
LONGEST_NAME = 80

PDF_SECONDS = 60.0
PDF_MEMORY_MB = 1_500
"""What reading one PDF may take."""

_PDF = b"%PDF-"
_INHERITED = ("PATH", "PYTHONPATH", "PYTHONHOME", "HOME", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""What a child process needs of our environment; keys are not among it."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BYTE_ORDER = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read_documents(files: Iterable[tuple[str, bytes]], kept: Sequence[Document] = ()) -> tuple[Document, ...]:
    """The documents kept so far, and after them those in these files (name, content), in their order.

    Equal names are told apart by a number. A PDF has its own pages; a text is split at form feeds, and mostly has one.
    Reading a PDF starts a process and may take up to `PDF_SECONDS`: not for an event loop.

    Raises:
        BadInput: a file is no text or PDF, is damaged, encrypted, empty or too large, or there is too much of them.
    """
    documents = list(kept)
    for name, data in files:
        name = _distinct(clean_name(name), [other.name for other in documents])
        documents.append(read_document(name, data))
        check_documents(documents)
    return tuple(documents)


def read_document(name: str, data: bytes, *, seconds: float = PDF_SECONDS) -> Document:
    """One file as a document; a PDF that takes longer than so many seconds is given up. Raises BadInput likewise."""
    name = clean_name(name)
    if not data.strip():
        raise BadInput(f"“{name}” is empty.")
    if len(data) > MOST_BYTES:
        raise BadInput(f"“{name}” has {len(data) / 1e6:.0f} MB; the most is {MOST_BYTES / 1e6:.0f} MB.")
    is_pdf = _PDF in data[:1024]  # as readers of PDF take it: a little may stand before
    pages = _pdf_pages(name, data, seconds) if is_pdf else _text(name, data).split("\f")
    document = Document(name=name, pages=tuple(_clean(page) for page in pages))
    if not any(page for page in document.pages):
        why = "it may be scanned; run text recognition (OCR) on it first" if is_pdf else "it is blank"
        raise BadInput(f"“{name}” has no text that could be searched: {why}.")
    check_documents([document])
    return document


def check_documents(documents: Sequence[Document]) -> None:
    """Whether documents, wherever they come from, are few and short enough to be searched. Raises BadInput."""
    if len(documents) > MOST_DOCUMENTS:
        raise BadInput(f"A problem may have {MOST_DOCUMENTS} documents; these are {len(documents)}.")
    for document in documents:
        if len(document.pages) > MOST_PAGES:
            raise BadInput(_too_many_pages(document.name))
    characters = sum(len(page) for document in documents for page in document.pages)
    if characters > MOST_CHARACTERS:
        raise BadInput(
            f"The documents have {characters:,} characters together; the most is {MOST_CHARACTERS:,}. Leave some out."
        )


def clean_name(name: str) -> str:
    """A file's name without folders, control characters and what makes it longer than `LONGEST_NAME`."""
    last = re.split(r"[/\\]", name)[-1]
    plain = " ".join(_storable("".join(c if c.isprintable() else " " for c in last)).split()) or "document"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= LONGEST_NAME:
        return plain
    return f"{stem[: LONGEST_NAME - len(ending) - 2]}….{ending}" if dot and len(ending) < 10 else plain[:LONGEST_NAME]


def _distinct(name: str, taken: Sequence[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    tries = (f"{stem} ({n}){dot}{ending}" for n in range(2, len(taken) + 3))
    return name if name not in taken else next(other for other in tries if other not in taken)


def _text(name: str, data: bytes) -> str:
    encoding = next((code for mark, code in _BYTE_ORDER.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise BadInput(f"“{name}” is neither a PDF nor text in UTF-8: save it as one of them.")
    return text


def _pdf_pages(name: str, data: bytes, seconds: float) -> list[str]:
    """The text of each page, read by a child process that may fail in any way."""
    limits = map(str, (MOST_PAGES, MOST_CHARACTERS, PDF_MEMORY_MB))
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(Path(__file__).with_name("pdf_pages.py")), *limits],
            input=data,
            capture_output=True,
            timeout=seconds,
            env={key: os.environ[key] for key in _INHERITED if key in os.environ},
        )
    except subprocess.TimeoutExpired as late:
        raise BadInput(
            f"“{name}” could not be read within {seconds:g} seconds: give its text or a simpler PDF."
        ) from late
    said = json.loads(done.stdout) if done.returncode == 0 else {"trouble": "damaged"}
    if "pages" in said:
        return list(said["pages"])
    raise BadInput(
        {
            "encrypted": f"“{name}” is encrypted: save it without a password first.",
            "too many pages": _too_many_pages(name),
            "too long": f"“{name}” has more than {MOST_CHARACTERS:,} characters: give a part of it.",
            "damaged": f"“{name}” could not be read as a PDF: it is damaged, or made to be unreadable.",
        }[said["trouble"]]
    )


def _too_many_pages(name: str) -> str:
    return f"“{name}” has more than {MOST_PAGES} pages: give a part of it."


def _clean(page: str) -> str:
    """Text that can be stored and shown: plain line ends, no control characters, no halves of characters."""
    return _CONTROL.sub("", _storable(page.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
