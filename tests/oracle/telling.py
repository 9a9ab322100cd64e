"""How stories are made and told: which acts there are, how one story happens, and how a failing one is made short."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Any

from contacts.domain.addresses import PepperRing, read_address
from contacts.storage.gate import verdicts
from contacts.storage.peppers import resolve
from core.clock import now
from tests.journeys.houses import House
from tests.oracle.acts_of_people import FORM, HOLDS, Asked, Confirmed, Left, Wrote, open_form
from tests.oracle.acts_of_the_house import (
    Campaign,
    Exported,
    ListGiven,
    PartnerKept,
    Published,
    Rotated,
    Scanned,
    TimePasses,
    TopicKept,
    Verified,
)
from tests.oracle.acts_of_the_team import Deleted, Erased, Flagged, Merged, Readdressed, Settled, Unflagged
from tests.oracle.acts_on_own_page import AskedToMove, Chose, Paused, Slowed, StoppedThere, TookBack
from tests.oracle.doors_of_the_house import DOORS
from tests.oracle.permission_model import World
from tests.oracle.story_acts import (
    ADDED,
    EVERY_SCOPE,
    SOURCES,
    TOPICS,
    Act,
    HashesListed,
    Imported,
    Stopped,
)

PEOPLE = (
    "ann@gmail.com",
    "a.nn+shop@gmail.com",
    "bob@example.org",
    "bob+x@example.org",
    "cem@example.com",
    "dot@example.net",
)
GOOD = ("mailing_list", "purchase")
SCOPES = ("everything", "marketing", "updates", "research", "tracking", "partners", "sharing:acme", "sharing")
BY = ("the terminal", "a program", "an edit of all contacts")
OUTCOMES = ("released", "answered", "opted_out", "child")


def _who(chance: Random) -> str:
    return chance.choice(PEOPLE)


def _some(chance: Random, of: tuple[str, ...] = EVERY_SCOPE) -> tuple[str, ...]:
    return tuple(sorted(chance.sample(of, chance.randint(1, min(len(of), 6)))))


def _welcome(chance: Random) -> Act:
    """Somebody comes with a yes."""
    return Imported(_who(chance), _some(chance), chance.choice(GOOD), notice=chance.random() < 1 / 3)


def _imported(chance: Random) -> Act:
    return Imported(
        _who(chance),
        _some(chance),
        chance.choice(SOURCES),
        notice=chance.random() < 1 / 2,
        stops=chance.choice(("", "", "", "updates", "everything", "research", "sharing")),
        child=chance.choice(("", "", "", "old", "flag", "born")),
        mode=chance.choice(("fill", "fill", "add", "update")),
        by=chance.choice(("a table", "a table", "a program")),
    )


Kind = tuple[int, Callable[[Random], Act]]
KINDS: tuple[Kind, ...] = (
    (5, _welcome),
    (3, _imported),
    (1, lambda c: HashesListed(_who(c))),
    (5, lambda c: Asked(_who(c), _some(c, FORM), child=c.random() < 1 / 8)),
    (9, lambda c: Confirmed(_who(c))),
    (3, lambda c: Left(_who(c), c.choice(sorted(DOORS)))),
    (1, lambda c: Stopped(_who(c), c.choice(SCOPES), c.choice(BY))),
    (1, lambda c: Wrote(_who(c), c.choice(sorted(HOLDS)))),
    (1, lambda c: Flagged(_who(c))),
    (1, lambda c: Erased(_who(c))),
    (6, lambda c: Chose(_who(c), _some(c))),
    (1, lambda c: StoppedThere(_who(c))),
    (2, lambda c: Paused(_who(c), c.choice((30, 60, 90, 0, 0)))),
    (1, lambda c: Slowed(_who(c), c.choice((0, 7, 30)))),
    (3, lambda c: TookBack(_who(c))),
    (5, lambda c: AskedToMove(_who(c), _who(c))),
    (3, lambda c: Merged(_who(c), _who(c))),
    (1, lambda c: Readdressed(_who(c), _who(c))),
    (1, lambda c: Deleted(_who(c))),
    (5, lambda c: Unflagged(_who(c))),
    (6, lambda c: Settled(_who(c), c.choice(sorted(HOLDS)), c.choice(OUTCOMES))),
    (2, lambda c: TopicKept(verb=c.choice(("add", "archive", "reopen")), topic=c.choice((*TOPICS, *ADDED, *ADDED)))),
    (1, lambda c: PartnerKept(verb=c.choice(("add", "add", "add", "deactivate", "activate")))),
    (2, lambda _: Exported()),
    (2, lambda c: ListGiven(heeded=c.random() < 1 / 2)),
    (1, lambda c: Published(preset=c.choice(("notice", "notice", "strict")))),
    (1, lambda _: Rotated()),
    (3, lambda c: TimePasses(days=c.choice((1, 6, 8, 15, 31, 95, 731, -1, -2)))),
    (1, lambda c: Scanned(_who(c))),
    (4, lambda c: Campaign(topic=c.choice((*TOPICS, *ADDED, "partner:acme")))),
)
"""Every kind of act, and how often it is told."""
_MOST_TRIES = 40


def story(seed: int, *, length: int = 14, kinds: tuple[Kind, ...] = KINDS) -> list[Act]:
    """A story: some people come, for without them there is nothing to tell; then anything that can happen happens."""
    chance, world, told = Random(seed), World(), list[Act]()
    first = [PartnerKept(verb="add")] * chance.randint(0, 1) + [_welcome(chance) for _ in range(chance.randint(2, 5))]
    for act in chain(first, _acts(chance, kinds, length, world)):
        told.append(act)
        imagine(world, act)
    return [*told, Campaign(topic=chance.choice(TOPICS)), Verified()]


def _acts(chance: Random, kinds: tuple[Kind, ...], length: int, world: World) -> Iterator[Act]:
    weights, makers = [weight for weight, _ in kinds], [maker for _, maker in kinds]
    after: Act | None = None
    for _ in range(length):
        follows = _what_follows(after, chance) if after and chance.random() < 1 / 2 else None
        if follows is not None and follows.possible(world):
            after = follows
            yield follows
            continue
        tries = (chance.choices(makers, weights)[0](chance) for _ in range(_MOST_TRIES))
        after = next((act for act in tries if act.possible(world)), TimePasses())
        yield after


def _what_follows(act: Act, chance: Random) -> Act | None:
    """What is likely to come after an act, and would seldom come by itself."""
    follows = AFTER.get(type(act))
    return follows(act, chance) if follows else None


AFTER: dict[type[Act], Callable[[Any, Random], Act]] = {
    Asked: lambda act, _: Confirmed(act.who),
    AskedToMove: lambda act, _: Confirmed(act.new),
    Wrote: lambda act, c: Settled(act.who, act.reason, c.choice(OUTCOMES)),
    Flagged: lambda act, _: Unflagged(act.who),
    Erased: lambda act, _: Asked(act.who, FORM),
    Chose: lambda act, _: TookBack(act.who),
    Paused: lambda act, _: TookBack(act.who),
    Slowed: lambda act, _: TookBack(act.who),
    Exported: lambda _, c: Left(_who(c), "operator"),
    Left: lambda act, c: c.choice(
        (Chose(act.who, _some(c)), Asked(act.who, FORM), ListGiven(heeded=c.random() < 1 / 2), TimePasses(days=8))
    ),
}


def imagine(world: World, act: Act) -> None:
    """What an act means to the judge, and the minute that it takes."""
    if act.possible(world):
        act.judge(world)
        world.now += 1


def as_prose(acts: list[Act]) -> str:
    """A story as numbered sentences, without what cannot happen."""
    world, lines = World(), list[str]()
    for act in acts:
        if act.possible(world):
            lines.append(f"{len(lines) + 1}. {act.told()[:1].upper()}{act.told()[1:]}.")
        imagine(world, act)
    return "\n".join(lines)


def shortened(acts: list[Act], fails: Callable[[list[Act]], bool], most: int = 60) -> list[Act]:
    """A failing story without the acts that it fails without as well; at most so many tries."""
    at = len(acts) - 1
    while at >= 0 and most > 0:
        most -= 1
        without = acts[:at] + acts[at + 1 :]
        acts = without if fails(without) else acts
        at -= 1
    return acts


@dataclass
class Teller:
    """Lets a story happen in a house and before the judge; after each act both must say the same of everybody."""

    house: House
    world: World

    def tell(self, story: list[Act]) -> None:
        """Each act; what cannot happen is left out."""
        open_form(self.house)
        number = 0
        for act in story:
            if act.possible(self.world):
                number += 1
                self.happens(act, number)

    def happens(self, act: Act, number: int) -> None:
        """One act, and a minute."""
        act.do(self.house, self.world)
        act.judge(self.world)
        self.world.now += 1
        self.house.later(minutes=1)
        wrong = self.disagreements()
        assert not wrong, f"after act {number}: " + "; ".join(wrong)

    def disagreements(self) -> list[str]:
        """Where the gate and the judge differ."""
        wrong, ring = [], PepperRing.of(self.house.settings)
        with self.house.database.reading() as session:
            known = resolve(session, ring, [read_address(each) for each in PEOPLE])
            keys = {each.own: person for each, person in zip(known, PEOPLE, strict=True)}
            for scope in EVERY_SCOPE:
                found = verdicts(session, scope, keys, at=now())
                for own, person in keys.items():
                    may = found.get(own, "no contact") is None
                    if may != self.world.may(person, scope):
                        said = "may be mailed" if may else f"may not be mailed ({found.get(own, 'no contact')})"
                        wrong.append(f"{person} {said} on {scope}, the judge says otherwise")
        return wrong
