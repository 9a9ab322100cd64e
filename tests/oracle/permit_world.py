"""The world of the permit protocol's model: senders, messages, permits, and the acts that stop mail."""

from typing import NamedTuple

PEOPLE = ("Ann", "Ben")
KEPT, DROPPED = 0, 1
# a sender's places
IDLE, TRANSMITTED, LOCKED, JUDGED, GRANTED, REFUSED, DOTTED, GONE = range(8)
# the places of whoever stops mail
BEFORE, HOLDS, RECORDED, SAID, FELL = range(5)
PLANNED, CLAIMED, SENT, UNKNOWN, WITHHELD = "planned", "claimed", "sent", "unknown", "withheld"
ENDED = {SENT, UNKNOWN, WITHHELD}
NOBODY = -1

PARTS = {
    "lock": "the sender takes the person's lock before it judges",
    "lock-first": "the sender takes the lock before, and not after, it judges",
    "alone": "who stops mail takes the person's lock alone",
    "store": "a granted permit is stored",
    "permit-before-dot": "the dot waits for the permit",
    "still-held": "the sender still holds the claim when it asks",
    "wait": "an opt-out waits until no permit is open",
    "merge-lock": "a merge takes the locks of both",
    "merge-wait": "a merge waits like an opt-out",
    "erase-wait": "an erasure waits like an opt-out",
    "commit-first": "nothing is confirmed before it is committed",
    "named": "only who does not hold its name any more is buried",
    "alive": "a sender makes sure that it holds its name when it writes the dot",
    "unknown": "what had a permit when its sender died is unknown, and not planned again",
    "burial": "the dead are buried",
    "claim-lock": "nobody takes a claim back between the look at it and the commit of the permit",
    "spare": "a claim whose lease ended is left alone while its living sender has a permit",
}


class Sender(NamedTuple):
    """One sending process: where it is, with which message, what the verdict was; alive, and holding its name."""

    place: int = IDLE
    message: int = NOBODY
    yes: bool = False
    alive: bool = True
    named: bool = True


class World(NamedTuple):
    """Everything that matters; `stops` are places of the acts of a story, `said` whom a confirmation covers."""

    senders: tuple[Sender, ...]
    stops: tuple[int, ...]
    blocked: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    merged: bool = False
    states: tuple[str, ...] = (PLANNED, PLANNED)
    owners: tuple[int, ...] = (NOBODY, NOBODY)
    permits: frozenset[tuple[int, int]] = frozenset()
    dots: tuple[int, ...] = (0, 0)
    said: frozenset[int] = frozenset()
    crashes: int = 0
    cuts: int = 0
    naps: int = 0
    broken: str = ""


Stop = tuple[str, int]
"""An act that stops mail: opt-out of a person, erasure of a person, or the merge of Ben into Ann."""
Move = tuple[str, World]


class Story(NamedTuple):
    """Who is there: how many senders, which acts, how many of them may crash or lose their session."""

    senders: int
    acts: tuple[Stop, ...]
    crashes: int = 0
    cuts: int = 0
    naps: int = 0
    people: int = 2
    without: frozenset[str] = frozenset()

    def begin(self) -> World:
        """The first moment."""
        planned = tuple(PLANNED if each < self.people else WITHHELD for each in range(len(PEOPLE)))
        world = World((Sender(),) * self.senders, (BEFORE,) * len(self.acts), states=planned)
        return world._replace(crashes=self.crashes, cuts=self.cuts, naps=self.naps)

    def lacks(self, part: str) -> bool:
        """Whether this protocol is without one of its parts."""
        return part in self.without


def at(world: World, number: int, sender: Sender) -> World:
    """The world in which this sender is so."""
    return world._replace(senders=(*world.senders[:number], sender, *world.senders[number + 1 :]))


def stop_at(world: World, number: int, place: int) -> World:
    """The world in which this act is there."""
    return world._replace(stops=(*world.stops[:number], place, *world.stops[number + 1 :]))


def told_of(world: World, message: int, state: str, owner: int) -> World:
    """The world in which this message is in that state."""
    states, owners = list(world.states), list(world.owners)
    states[message], owners[message] = state, owner
    return world._replace(states=tuple(states), owners=tuple(owners))
