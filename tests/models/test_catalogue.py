"""The catalogue's entries are whole, and names of local models are read as they are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from ttc_core.errors import NotFound
from ttc_core.models.catalogue import Weights, catalogue, entry, gguf_path, is_local


@pytest.mark.parametrize("weights", catalogue(), ids=lambda weights: weights.name)
def test_an_entry_is_whole(weights: Weights) -> None:
    assert is_local(weights.name)
    assert weights.file.endswith(".gguf")
    assert len(bytes.fromhex(weights.sha256)) == 32
    lengths = [weights.part_length(number) for number in range(1, weights.parts + 1)]
    assert sum(lengths) == weights.size
    assert set(lengths[:-1]) == {weights.part_size}
    assert 0 < lengths[-1] <= weights.part_size


def test_the_entries_differ_and_the_smallest_is_first() -> None:
    assert len({weights.name for weights in catalogue()}) == len({weights.file for weights in catalogue()}) == 2
    assert [w.size for w in catalogue()] == sorted(w.size for w in catalogue())


@pytest.mark.parametrize("name", ["local/qwen2.5-coder-0.5b", "qwen2.5-coder-0.5b", " Local/Qwen2.5-Coder-0.5B "])
def test_a_name_is_found_with_or_without_its_beginning(name: str) -> None:
    assert entry(name).size == 491_400_064


def test_a_wrong_name_gets_the_near_ones() -> None:
    with pytest.raises(NotFound, match=r"“local/qwen2.5-coder-1b”; take local/qwen2.5-coder-1.5b or "):
        entry("local/qwen2.5-coder-1b")
    with pytest.raises(NotFound, match=r"take local/qwen2.5-coder-0.5b or local/qwen2.5-coder-1.5b, or a file"):
        entry("zzz")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("local//abs/my model.gguf", Path("/abs/my model.gguf")),
        ("local/~/x.gguf", Path.home() / "x.gguf"),
        ("local/models/x.GGUF", Path("models/x.GGUF")),
        ("local/qwen2.5-coder-0.5b", None),
        ("/abs/model.gguf", None),
        ("openai/x.gguf", None),
    ],
)
def test_a_file_of_ones_own_is_named_by_its_path(name: str, path: Path | None) -> None:
    assert gguf_path(name) == path
