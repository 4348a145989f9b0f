"""Plain text in columns: wrapping, justifying and framing."""

from typeset.aligning import align_line
from typeset.framing import frame
from typeset.paragraphs import paragraphs, typeset
from typeset.wrapping import wrap

__all__ = ["align_line", "frame", "paragraphs", "typeset", "wrap"]
