"""Whole surveys that Heedful and SurveyJS can both express, with people who answer them; each has a number."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from tests.oracle.twin_conditions import Joined, Look, Looker, Tree, ours, ours_in_parts, theirs, tree
from tests.oracle.twin_questions import KINDS, Post, Twin

Person = dict[str, list[Post]]
Table = dict[str, Any]


@dataclass(frozen=True)
class Twins:
    """One survey in both forms; `people` say for each question what they post, and what else where that is refused."""

    number: int
    ours: Table
    theirs: Table
    people: list[Person]
    questions: dict[str, Twin]

    @property
    def case(self) -> Table:
        """What survey-core is asked."""
        people = [
            {name: [{"value": post.value, "comment": post.comment} for post in posts] for name, posts in each.items()}
            for each in self.people
        ]
        return {"survey": self.theirs, "people": people}


def twins(number: int, people: int) -> Twins:
    """The survey of that number, the same on every machine."""
    draw = Random(number)
    making = _Making(draw)
    pages = [making.page(at) for at in range(1, draw.randint(3, 5) + 1)]
    name = f"twin-{number}"
    return Twins(
        number,
        {"name": name, "title": "Twins", "page": [ours for ours, _theirs in pages]},
        {"title": "Twins", "pages": [theirs for _ours, theirs in pages]},
        [{twin.name: making.posts(twin) for twin in making.all} for _each in range(people)],
        {twin.name: twin for twin in making.all},
    )


def two_numbers(one: str, other: str) -> Looker:
    """A look at two numbers; where one is missing both programs are made to say no."""
    pairs = [
        (f"{one} + {other} > 6.5", f"{{{one}}} + {{{other}}} > 6.5"),
        (f"{one} - {other} <= 1", f"{{{one}}} - {{{other}}} <= 1"),
        (f"2 * {one} != {other}", f"2 * {{{one}}} <> {{{other}}}"),
        (f"{one} < {other}", f"{{{one}}} < {{{other}}}"),
    ]

    def look(draw: Random) -> Look:
        here, there = draw.choice(pairs)
        both = f"{{{one}}} notempty and {{{other}}} notempty"
        return Look(f"answered({one}) and answered({other}) and {here}", f"{both} and {there}")

    return look


class _Making:
    """One survey on its way: conditions look at what stood on earlier pages."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.all: list[Twin] = []
        self.lookers: list[Looker] = []
        self.mends: dict[str, list[Post]] = {}

    def page(self, at: int) -> tuple[Table, Table]:
        """The next page in both forms."""
        condition = self.condition(0.3)
        here: list[Twin] = []
        our_questions: list[Table] = []
        their_elements: list[Table] = []
        for number in range(self.draw.randint(1, 3 if condition or at > 1 else 4)):
            ours_made, theirs_made, made = self.group(f"q{at}{'abcd'[number]}")
            our_questions += ours_made
            their_elements.append(theirs_made)
            here += made
        self.all += here
        self.lookers += [look for twin in here for look in twin.looks]
        numbers = [twin.name for twin in self.all if twin.number]
        self.lookers += [two_numbers(*self.draw.sample(numbers, 2))] if len(numbers) > 1 else []
        page = {"name": f"page{at}"}
        return (
            page | {"title": "A page", "question": our_questions} | self.shown_if(condition),
            page | {"elements": their_elements} | self.visible_if(condition),
        )

    def condition(self, chance: float) -> Tree | None:
        return tree(self.draw, self.lookers) if self.lookers and self.draw.random() < chance else None

    def shown_if(self, condition: Tree | None) -> Table:
        if condition is None:
            return {}
        written = ours_in_parts(condition) if self.draw.random() < 0.4 else ours(condition)
        return {"show_if": written}

    def visible_if(self, condition: Tree | None) -> Table:
        return {"visibleIf": theirs(condition, self.draw)} if condition else {}

    def group(self, name: str) -> tuple[list[Table], Table, list[Twin]]:
        """One question, or two of them in a panel, whose condition is theirs as well."""
        if not self.lookers or self.draw.random() < 0.8:
            our_table, their_table, twin = self.question(name, None)
            return [our_table], their_table, [twin]
        outer = self.condition(1)
        made = [self.question(f"{name}{part}", outer) for part in "xy"]
        panel = {"type": "panel", "name": f"panel_{name}", "elements": [each[1] for each in made]}
        return [each[0] for each in made], panel | self.visible_if(outer), [each[2] for each in made]

    def question(self, name: str, outer: Tree | None) -> tuple[Table, Table, Twin]:
        twin = self.draw.choice(KINDS)(self.draw, name)
        own = self.condition(0.35)
        whole = Joined("and", (outer, own)) if outer and own else outer or own
        our_table = {"name": name, "text": f"Question {name}"} | twin.ours | self.shown_if(whole)
        their_table = {"name": name, "title": f"Question {name}"} | twin.theirs | self.visible_if(own)
        if self.draw.random() < 0.35 and twin.theirs["type"] != "html":
            our_table["required"] = True
        if our_table.get("required"):
            their_table["eachRowRequired" if twin.theirs["type"] == "matrix" else "isRequired"] = True
        self.mends[name] = [twin.right(self.draw)]
        if names := names_of(our_table):
            self.listed(twin, our_table, their_table, names)
        return our_table, their_table, twin

    def listed(self, twin: Twin, our_table: Table, their_table: Table, names: list[str]) -> None:
        """Choices or rows, some of them with conditions; a list of which nothing is left hides its question."""
        rows = "rows" in our_table
        key = "rows" if rows else "choices"
        chosen = self.condition_each(twin, our_table, names)
        our_table[key] = [table | self.shown_if(chosen.get(table["name"])) for table in our_table[key]]
        their_table[key] = [{"value": name, "text": name} | self.visible_if(chosen.get(name)) for name in names]
        their_table["hideIfRowsEmpty" if rows else "hideIfChoicesEmpty"] = True
        if chosen:
            self.mends[twin.name] = list(part_by_part(twin, our_table, names))

    def condition_each(self, twin: Twin, our_table: Table, names: list[str]) -> dict[str, Tree]:
        if not twin.choices or self.draw.random() < 0.6:
            return {}
        beside = any(our_table.get(key) for key in ("other", "none", "refusal"))
        found = {name: self.condition(0.6) for name in names[1 if beside else 0 :]}
        return {name: condition for name, condition in found.items() if condition}

    def posts(self, twin: Twin) -> list[Post]:
        """What one person posts: something right, something wrong or nothing; then what is right."""
        first = self.draw.choices([twin.right, twin.wrong, lambda _draw: Post()], [7, 2, 1.5])[0](self.draw)
        return [first, *self.mends[twin.name]]


def names_of(table: Table) -> list[str]:
    """The names of what may have conditions in a question."""
    return [each["name"] for each in table.get("rows") or table.get("choices") or []]


def part_by_part(twin: Twin, table: Table, names: list[str]) -> Iterator[Post]:
    """Answers of which one is right whatever choices or rows are shown."""
    if "rows" not in table:
        many = table["kind"] == "multiple"
        yield from (Post({twin.name: [name]}, [name] if many else name) for name in names)
        return
    point = table["scale"][0]["name"]
    for taken in product((True, False), repeat=len(names)):
        judged = {name: point for name, each in zip(names, taken, strict=True) if each}
        yield Post({f"{twin.name}-{row}": [point] for row in judged}, judged)
