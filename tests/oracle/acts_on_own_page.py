"""What people do on their own page: they choose, pause, want less, take back, stop, and ask to move."""

from abc import abstractmethod
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.forms import fields
from tests.journeys.houses import House
from tests.oracle.permission_model import DAY, FINAL, Person, Request, World, above
from tests.oracle.story_acts import Act, has_a_link, posted, token


@dataclass(frozen=True)
class OnOwnPage(Act):
    """Something that is done on somebody's own page, and can be taken back there for a day."""

    def possible(self, world: World) -> bool:
        """Only who had mail has the link."""
        return has_a_link(world, self.who)

    def judge(self, world: World) -> None:
        """What it means, and what stood before."""
        before, number = deepcopy(world.people[self.who]), world.number
        self.choose(world, world.people[self.who], before)
        if world.number > number:
            world.people[self.who].page = (world.now, before)

    @abstractmethod
    def choose(self, world: World, person: Person, before: Person) -> None:
        """What it means; `before` is the same person as they stand now."""

    def press(self, house: House, act: str, **given: Any) -> None:
        """Open the page and press one of its buttons."""
        path = token(house, self.who, "p")
        shown = fields(house.web.get(path).text)
        seen = {"seen": shown.get("seen", ["0"])[0], "number": shown.get("number", [""])[0]}
        posted(house, path, {"act": act, **seen, **given})


@dataclass(frozen=True)
class Chose(OnOwnPage):
    """They save the page with these ticks and no others."""

    ticks: tuple[str, ...] = ()

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.who} saves their own page with {' and '.join(self.ticks) or 'nothing'} ticked"

    def choose(self, world: World, person: Person, before: Person) -> None:
        """What is not ticked is stopped; what is ticked and was not on is their own yes, unless something is final."""
        offered = [each for each in (*world.topics, "partner:acme", "sharing:acme", "tracking") if world.is_open(each)]
        new = {each for each in self.ticks if each in offered and not world.permits(self.who, each)}
        final = {why for _, why in before.no} & FINAL
        for scope in offered:
            if scope not in self.ticks and not before.stopped(scope, {"opt_out"}):
                world.stop(self.who, scope)
        if person.contact and not final and new:
            stopped_now = {place: person.no.pop(place) for place in list(person.no) if place not in before.no}
            world.choose(self.who, new, {"opt_out"})
            person.no |= stopped_now

    def do(self, house: House, world: World) -> None:
        """The button that saves."""
        topics = [each for each in self.ticks if each != "tracking"]
        self.press(house, "save", topic=topics, tracking=["1"] if "tracking" in self.ticks else [])


@dataclass(frozen=True)
class StoppedThere(OnOwnPage):
    """They press "stop everything"."""

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.who} stops everything on their own page"

    def choose(self, world: World, person: Person, before: Person) -> None:
        """Like every other door."""
        world.leave(self.who)

    def do(self, house: House, world: World) -> None:
        """The first button."""
        self.press(house, "stop")


@dataclass(frozen=True)
class Paused(OnOwnPage):
    """They want no mail for a while, or again before it is over (0)."""

    days: int = 30

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.who} {f'pauses for {self.days} days' if self.days else 'ends the pause'}"

    def choose(self, world: World, person: Person, before: Person) -> None:
        """A pause ends by itself, or by a press."""
        if self.days:
            world.heard(self.who).pause = world.now + self.days * DAY
        elif person.pause > world.now:
            world.heard(self.who).pause = 0

    def do(self, house: House, world: World) -> None:
        """Either button."""
        self.press(house, *(["pause"] if self.days else ["resume"]), days=str(self.days))


@dataclass(frozen=True)
class Slowed(OnOwnPage):
    """They want at most one mail in so many days."""

    days: int = 30

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.who} asks for {f'one mail in {self.days} days' if self.days else 'mail as it comes'}"

    def choose(self, world: World, person: Person, before: Person) -> None:
        """All topics together."""
        if person.days_between != self.days:
            world.heard(self.who).days_between = self.days

    def do(self, house: House, world: World) -> None:
        """The button."""
        self.press(house, "rhythm", days=str(self.days))


@dataclass(frozen=True)
class TookBack(OnOwnPage):
    """They take their last change back."""

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.who} takes the last change on their own page back"

    def choose(self, world: World, person: Person, before: Person) -> None:
        """As it was before; a yes that was given stays known, and is stopped."""
        if before.page is None or world.now - before.page[0] > DAY:
            return
        old = before.page[1]
        stops, now = ({place for place in each.no if place[1] == "opt_out"} for each in (old, before))
        given = [each for each, yes in before.yes.items() if yes.number != getattr(old.yes.get(each), "number", 0)]
        for place in now - stops:
            world.heard(self.who).no.pop(place)
        again = [scope for scope, _ in sorted(stops - now)]
        for scope in [*again, *(each for each in sorted(given) if not {*again} & {*above(each)})]:
            world.stop(self.who, scope)
        if old.pause > world.now or before.pause > world.now:
            world.heard(self.who).pause = old.pause
        if old.days_between != before.days_between:
            world.heard(self.who).days_between = old.days_between

    def do(self, house: House, world: World) -> None:
        """The button, if the page shows one."""
        self.press(house, "undo")


@dataclass(frozen=True)
class AskedToMove(Act):
    """They ask to be written to at another address, which has to confirm it."""

    new: str = ""

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.who} asks on their own page to be written to at {self.new}"

    def possible(self, world: World) -> bool:
        """Only who had mail has the link."""
        return has_a_link(world, self.who)

    def judge(self, world: World) -> None:
        """What is on here is asked of the new address; whatever is final stands in the way."""
        person = world.people[self.who]
        bounced = deepcopy(person)
        person.no = {place: since for place, since in person.no.items() if place[1] != "bounce"}
        scopes = (*world.topics, *world.sharings(), *({"partner:acme"} if world.partner else ()), "tracking")
        on = sorted(each for each in scopes if world.is_open(each) and world.says_yes(self.who, each))
        final = {why for _, why in person.no} & FINAL
        person.no = bounced.no
        child = world.people[self.new].stopped("everything", {"child"})
        open_wishes = [each for each in world.asked if each.mover == self.who and not each.done and not each.ended]
        again = any(each.who == self.new and world.now < each.at + 7 * DAY for each in open_wishes)
        if person.contact and not final and on and not child and self.new != self.who and not again:
            world.end(each for each in world.asked if each.mover == self.who and not each.done)
            world.ask(Request(self.new, tuple(on), world.now, mover=self.who))

    def do(self, house: House, _world: World) -> None:
        """The field at the end of the page."""
        posted(house, token(house, self.who, "p"), {"act": "move", "address": self.new})
