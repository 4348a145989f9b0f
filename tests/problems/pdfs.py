"""PDFs made by hand, for tests: pages of plain text, and what is wrong with them."""

from __future__ import annotations

import io
import zlib


def pdf(*pages: str) -> bytes:
    """A PDF with these pages, each a few lines of Latin text."""
    return _written([(_content(page), b"") for page in pages])


def bomb(megabytes: int) -> bytes:
    """A small PDF with one page whose content swells to so many megabytes."""
    packed = zlib.compress(b"BT /F1 12 Tf (boom) Tj ET\n" * (megabytes * 40_000), 9)
    return _written([(packed, b"/Filter /FlateDecode ")])


def encrypted(data: bytes, password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password=password, owner_password="other", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _content(page: str) -> bytes:
    shown = "".join(f"({line}) Tj 0 -14 Td " for line in page.splitlines())
    return f"BT /F1 12 Tf 72 720 Td {shown}ET".encode("latin-1")


def _written(streams: list[tuple[bytes, bytes]]) -> bytes:
    first = 4
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, (stream, extra) in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {first + 2 * n + 1} 0 R >>".encode()
        )
        objects.append(b"<< %b/Length %d >>\nstream\n%b\nendstream" % (extra, len(stream), stream))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
