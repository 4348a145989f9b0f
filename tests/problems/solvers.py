"""The shelf's answers worked out anew, from the numbers in the text or by trying every possibility."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from heapq import heappop, heappush
from itertools import combinations, permutations, product

SOLVERS: dict[str, Callable[[str], object]] = {}


def solves(problem_id: str) -> Callable[[Callable[[str], object]], Callable[[str], object]]:
    """Registers a function from a problem's text to its answer."""

    def register(solver: Callable[[str], object]) -> Callable[[str], object]:
        SOLVERS[problem_id] = solver
        return solver

    return register


def numbers(text: str) -> list[int]:
    """The whole numbers of a text, in order."""
    return [int(digits) for digits in re.findall(r"\d+", text)]


@solves("word/sheep")
def sheep(text: str) -> int:
    had, pens, in_each = numbers(text)
    return len([*range(had), *product(range(pens), range(in_each))])


@solves("word/ages")
def ages(text: str) -> int:
    times, years, later_times = numbers(text)
    (mira,) = (
        mira
        for mira, tom in product(range(150), repeat=2)
        if mira == times * tom and mira + years == later_times * (tom + years)
    )
    return mira


@solves("word/beetle")
def beetle(text: str) -> int:
    wall, up, down = numbers(text)
    height, minute = 0, 1
    while height + up < wall:
        height, minute = height + up - down, minute + 1
    return minute


@solves("word/tank")
def tank(text: str) -> Fraction:
    first, second, leak = numbers(text)
    return 1 / (Fraction(1, first) + Fraction(1, second) - Fraction(1, leak))


@solves("word/cyclists")
def cyclists(text: str) -> int:
    distance, fast, slow, rides, rests = numbers(text)
    gap, minute = Fraction(distance), 0
    while gap > 0:
        resting = rides <= minute < rides + rests
        gap -= Fraction(slow + (0 if resting else fast), 60)
        minute += 1
    assert gap == 0, "they must meet on a full minute"
    return minute


@solves("arithmetic/order")
def order_of_operations(text: str) -> object:
    expression = text.removeprefix("What is ").removesuffix("?")
    return eval(expression.translate(str.maketrans("−×÷", "-*/")), {"__builtins__": {}})


@solves("arithmetic/coat")
def coat(text: str) -> Fraction:
    up, down = numbers(text)
    price = Fraction(100) * (100 + up) / 100
    return 100 - price * (100 - down) / 100


@solves("arithmetic/sevens")
def sevens(text: str) -> int:
    first, last, digit = numbers(text)
    return sum(str(number).count(str(digit)) for number in range(first, last + 1))


@solves("arithmetic/cards")
def cards(text: str) -> Fraction:
    first, last = numbers(text)
    draws = list(permutations(range(first, last + 1), 2))
    return Fraction(sum((a + b) % 2 for a, b in draws), len(draws))


@solves("logic/race")
def race(text: str) -> str:
    def fits(order: tuple[str, ...]) -> bool:
        place = order.index
        return (
            place("Kaya") < place("Ines") < place("Jonas")
            and place("Lior") == place("Jonas") + 1
            and place("Maya") < place("Kaya")
        )

    (order,) = filter(fits, permutations(["Ines", "Jonas", "Kaya", "Lior", "Maya"]))
    return order[2]


@solves("logic/boxes")
def boxes(text: str) -> str:
    known = {"red": ("glass", None), "blue": ("books", None), "green": (None, "top"), "white": (None, "floor")}

    def may_break_the_rule(holds: str | None, stands: str | None) -> bool:
        contents = [holds] if holds else ["glass", "books"]
        places = [stands] if stands else ["top", "floor"]
        return ("glass", "floor") in product(contents, places)

    return " and ".join(colour for colour, facts in known.items() if may_break_the_rule(*facts))


@solves("logic/knights")
def knights(text: str) -> str:
    def fits(kinds: tuple[bool, ...]) -> bool:
        ada, bruno, cleo, dov = kinds
        return kinds == (not bruno, cleo == dov, ada != dov, not cleo or ada)

    (kinds,) = filter(fits, product([True, False], repeat=4))
    return ", ".join(name for name, knight in zip(["Ada", "Bruno", "Cleo", "Dov"], kinds, strict=True) if knight)


@solves("logic/table")
def table(text: str) -> str:
    names = ["Ana", "Ben", "Cam", "Dia", "Eli", "Fay"]

    def fits(seats: tuple[str, ...]) -> bool:
        def apart(one: str, other: str) -> int:
            steps = abs(seats.index(one) - seats.index(other))
            return min(steps, 6 - steps)

        return (
            apart("Ben", "Ana") == 2
            and apart("Cam", "Dia") == 1
            and apart("Eli", "Ben") > 1
            and apart("Cam", "Fay") == 3
            and apart("Dia", "Ana") > 1
        )

    (opposite,) = {seats[(seats.index("Ana") + 3) % 6] for seats in filter(fits, permutations(names))}
    return opposite


@solves("hop/inn")
def inn(text: str) -> int:
    bridge, mill_after, rosa_after, _, age_at_birth, age_at_inn = numbers(text)
    year_of = {"bridge": bridge}
    for event, before, years in [
        ("inn", "emil", age_at_inn),
        ("emil", "rosa", age_at_birth),
        ("rosa", "mill", rosa_after),
        ("mill", "bridge", mill_after),
    ][::-1]:
        year_of[event] = year_of[before] + years
    return year_of["inn"]


@solves("hop/mayor")
def mayor(text: str) -> str:
    place = "Heron Bridge"
    for fact in (
        rf"The {place} crosses the (\w+)",
        r"the {} flows into (Lake \w+)",
        r"the largest town on {} is (\w+)",
        r"the mayor of {} is (\w+ \w+)",
    ):
        match = re.search(fact.format(place), text, re.IGNORECASE)
        assert match, fact
        place = match[1]
    return place


@solves("hop/cargo")
def cargo(text: str) -> str:
    captain_of = {"Tern": "Marit Solberg", "Petrel": "Dagny Lund", "Gannet": "Oskar Brandt"}
    sibling = {"Ivo": "Dagny Lund", "Nils": "Oskar Brandt"}
    built = {"Skarv Point": "Ivo", "Mossholm": "Nils"}
    keeper = {"Runa": "Skarv Point", "Tuva": "Mossholm"}
    carried = {"Tern": "wool", "Petrel": "salt", "Gannet": "timber"}
    sold = {"wool": "Velden", "salt": "Harmsund", "timber": "Orby"}
    carried["Tern"], carried["Petrel"] = carried["Petrel"], carried["Tern"]
    captain = sibling[built[keeper["Runa"]]]
    (ship,) = (ship for ship, name in captain_of.items() if name == captain)
    return sold[carried[ship]]


@solves("plan/meeting")
def meeting(text: str) -> str:
    def free(sentence: str) -> set[int]:
        spans = re.findall(r"from (\d+):00 to (\d+):00", sentence)
        return {hour for start, end in spans for hour in range(int(start), int(end))}

    (hour,) = set.intersection(*(free(sentence) for sentence in text.split(". ")[:3]))
    return f"{hour}:00"


@solves("plan/kiln")
def kiln(text: str) -> int:
    room, minutes, pots, firings = numbers(text)
    waiting, rounds = {(firings,) * pots}, 0
    while (0,) * pots not in waiting:
        rounds += 1
        waiting = {
            tuple(left - (pot in load) for pot, left in enumerate(state))
            for state in waiting
            for load in combinations([pot for pot, left in enumerate(state) if left], min(room, sum(map(bool, state))))
        }
    return rounds * minutes


@solves("plan/cave")
def cave(text: str) -> int:
    pace = numbers(text)
    everybody = frozenset(range(len(pace)))

    def walks(here: frozenset[int], lamp_here: bool) -> Iterator[tuple[int, frozenset[int], bool]]:
        side = here if lamp_here else everybody - here
        for group in [*combinations(side, 1), *combinations(side, 2)]:
            yield max(pace[i] for i in group), here ^ frozenset(group), not lamp_here

    queue = [(0, sorted(everybody), True)]
    seen: set[tuple[frozenset[int], bool]] = set()
    while queue:
        minutes, waiting, lamp_here = heappop(queue)
        here = frozenset(waiting)
        if not here:
            return minutes
        if (here, lamp_here) in seen:
            continue
        seen.add((here, lamp_here))
        for taken, left, lamp in walks(here, lamp_here):
            heappush(queue, (minutes + taken, sorted(left), lamp))
    raise AssertionError("nobody gets through")


@solves("plan/workshop")
def workshop(text: str) -> int:
    """Every order of the jobs, each given to whoever is free first and begun as soon as it may."""
    jobs = ["saw", "plane", "turn", "glue", "paint", "forge", "fit"]
    hours = dict(zip(jobs, numbers(text), strict=True))
    after = {"plane": ["saw"], "glue": ["plane", "turn"], "paint": ["glue"], "fit": ["paint", "forge"]}

    def finish(order: tuple[str, ...]) -> int:
        free, ended = [0, 0], dict[str, int]()
        for job in order:
            free.sort()
            free[0] = ended[job] = max([free[0], *(ended[needed] for needed in after.get(job, ()))]) + hours[job]
        return max(free)

    def allowed(order: tuple[str, ...]) -> bool:
        return all(order.index(needed) < order.index(job) for job, all_needed in after.items() for needed in all_needed)

    return min(finish(order) for order in permutations(jobs) if allowed(order))
