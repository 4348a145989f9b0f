"""A program of its own that reads a PDF from its input and writes the text of its pages as JSON; knows nothing of us.

PDFs come from anywhere, and a damaged or hostile one can hang, eat memory or crash a parser. So each is read in a child
process that may: whatever becomes of it, the parent sees one answer, or none.

    python pdf_pages.py <most pages> <most characters> <memory in MB> < file.pdf
"""

from __future__ import annotations

import io
import json
import logging
import sys


def main(most_pages: int, most_characters: int, memory_mb: int) -> None:
    """Write ``{"pages": [...]}``, or ``{"trouble": ...}`` with one of encrypted, too many pages, too long."""
    _keep_to(memory_mb)
    logging.disable()  # pypdf tells of every oddity it mends
    print(json.dumps(_read(sys.stdin.buffer.read(), most_pages, most_characters)))


def _read(data: bytes, most_pages: int, most_characters: int) -> dict[str, object]:
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return {"trouble": "encrypted"}
        if len(reader.pages) > most_pages:
            return {"trouble": "too many pages"}
        pages: list[str] = []
        left = most_characters
        for page in reader.pages:
            pages.append(page.extract_text())
            left -= len(pages[-1])
            if left < 0:
                return {"trouble": "too long"}
    except (DependencyError, FileNotDecryptedError):  # kinds of encryption that pypdf leaves to other packages
        return {"trouble": "encrypted"}
    return {"pages": pages}


def _keep_to(memory_mb: int) -> None:
    """Bound this process's memory, where the system knows how."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
