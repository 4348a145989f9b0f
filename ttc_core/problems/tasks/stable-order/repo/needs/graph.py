"""Names, and what each of them needs."""

from collections.abc import Iterable, Iterator

from needs.errors import UnknownName


class Graph:
    """A directed graph; it may contain cycles. Answers keep the order in which names were added."""

    def __init__(self) -> None:
        self._needs: dict[str, list[str]] = {}

    def add(self, name: str, needs: Iterable[str] = ()) -> None:
        """Add a name, or more needs to one that is there. What is needed is added after it."""
        own = self._needs.setdefault(name, [])
        for other in needs:
            self._needs.setdefault(other, [])
            if other not in own:
                own.append(other)

    def remove(self, name: str) -> None:
        """Take a name out, as a need of others too. Raises UnknownName."""
        self._check(name)
        del self._needs[name]
        for own in self._needs.values():
            if name in own:
                own.remove(name)

    def needs(self, name: str) -> list[str]:
        """What a name needs directly. Raises UnknownName."""
        self._check(name)
        return self._sorted(self._needs[name])

    def needed_by(self, name: str) -> list[str]:
        """Who needs this name directly. Raises UnknownName."""
        self._check(name)
        return [other for other, own in self._needs.items() if name in own]

    def closure(self, name: str) -> list[str]:
        """What a name needs, directly or through others; itself only if it is in a cycle."""
        self._check(name)
        found: set[str] = set()
        waiting = list(self._needs[name])
        while waiting:
            other = waiting.pop()
            if other not in found:
                found.add(other)
                waiting += self._needs[other]
        return self._sorted(found)

    def roots(self) -> list[str]:
        """The names that nobody needs."""
        needed = {other for own in self._needs.values() for other in own}
        return [name for name in self._needs if name not in needed]

    def __contains__(self, name: object) -> bool:
        return name in self._needs

    def __iter__(self) -> Iterator[str]:
        return iter(self._needs)

    def __len__(self) -> int:
        return len(self._needs)

    def _sorted(self, names: Iterable[str]) -> list[str]:
        wanted = set(names)
        return [name for name in self._needs if name in wanted]

    def _check(self, name: str) -> None:
        if name not in self._needs:
            raise UnknownName(name)
