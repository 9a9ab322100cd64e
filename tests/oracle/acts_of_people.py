"""What people do themselves: they sign up, confirm, leave through any door, and write to us."""

from copy import deepcopy
from dataclasses import dataclass
from email.message import EmailMessage
from typing import cast

from contacts.domain.joining_tokens import joining_token
from core.tokens import Keyring
from tests.journeys.houses import House
from tests.journeys.mails import Mail
from tests.oracle.doors_of_the_house import DOORS
from tests.oracle.permission_model import DAY, Request, World
from tests.oracle.story_acts import Act, has_a_link, posted, token

FORM = ("updates", "offers", "research", "tracking")
OWN_LIFTS = {"opt_out", "complaint", "bounce", "erasure"}
WHY = {"complaint": "complaint", "hard-bounce": "bounce"}


class Letter:
    """A mail that somebody has, as far as leaving needs it: their links and its name."""

    def __init__(self, house: House, who: str) -> None:
        self.to, self.one_click = who, token(house, who, "u")
        self.message = {"Message-ID": "<kept@example.org>"}

    def link(self, _path: str) -> str:
        """The link to leave."""
        return self.one_click

    def letter_to_leave(self, sender: str) -> bytes:
        """What a mail program writes to the unsubscribe address."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = sender, "leave@example.org", "unsubscribe"
        letter.set_content("please")
        return letter.as_bytes()


@dataclass(frozen=True)
class Left(Act):
    """Somebody leaves through one of the eleven doors."""

    door: str = "one-click"

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.who} leaves everything: {self.door.replace('-', ' ')}"

    def possible(self, world: World) -> bool:
        """Whoever replies, complains or presses a link has a mail of ours."""
        typed = {"page-without-token", "mailto", "contact-form", "operator", "api", "suppression-list"}
        return self.door in typed or has_a_link(world, self.who)

    def judge(self, world: World) -> None:
        """The same act, whatever the door; a letter to us is also kept open, and holds the address meanwhile."""
        world.leave(self.who, why=WHY.get(self.door, "opt_out"), anew=self.door != "suppression-list")
        if self.door == "contact-form":
            _open_case(world, self.who, "stop")

    def do(self, house: House, _world: World) -> None:
        """Through the door itself."""
        DOORS[self.door](house, cast(Mail, Letter(house, self.who)))


HOLDS = {
    "stop": ("everything", "tracking", "sharing"),
    "delete": ("everything", "tracking", "sharing"),
    "child": ("everything", "tracking", "sharing", "confirmation"),
    "copy": (),
    "other": (),
}


def _open_case(world: World, who: str, reason: str) -> None:
    person = world.people[who]
    person.cases.setdefault(reason, HOLDS[reason])
    for scope in HOLDS[reason]:
        world.stop(who, scope, "hold", anew=False)


@dataclass(frozen=True)
class Wrote(Act):
    """Somebody writes to us by the contact page; what asks to stop holds the address at once."""

    reason: str = "delete"

    def told(self) -> str:
        """The act as a sentence."""
        return f"somebody writes to us by the page ({self.reason}) as {self.who}"

    def judge(self, world: World) -> None:
        """A case, and its hold; who writes to stop has also stopped everything."""
        if self.reason == "stop":
            world.leave(self.who)
        _open_case(world, self.who, self.reason)

    def do(self, house: House, _world: World) -> None:
        """The page without login."""
        posted(house, "/contact", {"reason": self.reason, "address": self.who, "words": "please"})


@dataclass(frozen=True)
class Asked(Act):
    """Somebody signs up at the form, or a stranger does in their name; nothing is permitted by it."""

    topics: tuple[str, ...] = ("updates",)
    child: bool = False

    def told(self) -> str:
        """The act as a sentence."""
        born = "born as a child" if self.child else "of age"
        return f"{self.who} is entered at the sign-up form for {' and '.join(self.topics)}, {born}"

    def possible(self, world: World) -> bool:
        """The form names topics that are open."""
        return bool({*self.topics} - world.closed)

    def judge(self, world: World) -> None:
        """Of a child nothing stays but the block; of a contact's address the team is told, by a request."""
        is_child = world.people[self.who].stopped("everything", {"child"})
        if self.child:
            if not is_child:
                world.leave(self.who, why="child")
                if world.people[self.who].contact:
                    _open_case(world, self.who, "child")
            world.end(each for each in world.asked if each.who == self.who)
        elif not is_child:
            world.ask(Request(self.who, tuple(sorted({*self.topics} - world.closed)), world.now))

    def do(self, house: House, world: World) -> None:
        """The form, from a browser of their own."""
        born = {"day": "7", "month": "11", "year": "2020" if self.child else "1970"}
        data = {"address": self.who, "topic": list(self.topics), **born}
        answer = house.web.post("/join/news", data=data, headers={"User-Agent": f"browser {world.now}"})
        assert answer.status_code == 200, answer.status_code


def open_form(house: House) -> None:
    """The sign-up form, as long as all its topics are open."""
    topics = [part for each in FORM for part in ("--topic", each)]
    house.heedful("form", "add", "news", "--title", "News", "--wording", "I want news.", *topics)


@dataclass(frozen=True)
class Confirmed(Act):
    """Somebody presses the button behind the link of a confirmation mail: of their own, or one they were moved to."""

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.who} confirms what was asked last"

    def _request(self, world: World) -> Request | None:
        found = [each for each in world.asked if each.who == self.who]
        return found[-1] if found else None

    def possible(self, world: World) -> bool:
        """There must be a link, be it of a request that was ended since."""
        return self._request(world) is not None

    def judge(self, world: World) -> None:
        """Their own yes, to what is still offered; twice is the same, and after seven days it is too late."""
        asked = self._request(world)
        assert asked is not None
        topics = {each for each in asked.topics if world.is_open(each)}
        child = world.people[self.who].stopped("everything", {"child"})
        if asked.done or asked.ended or child or not topics or world.now >= asked.at + 7 * DAY:
            return
        asked.done = True
        before = deepcopy(world.people[asked.mover]) if asked.mover else None
        if asked.mover:
            world.stop(asked.mover)
        world.choose(self.who, topics, OWN_LIFTS)
        if before is not None:
            world.carry(before, self.who)
            self._move(world, asked.mover)
        world.people[self.who].contact = True

    def _move(self, world: World, old: str) -> None:
        if world.people[old].contact and not world.people[self.who].contact:
            world.people[old].contact = False
            world.people[self.who].former.add(old)

    def do(self, house: House, world: World) -> None:
        """The page behind the link: a scanner's look at it before, then the press. Requests are numbered in order."""
        asked = self._request(world)
        number = 1 + next(place for place, each in enumerate(world.asked) if each is asked)
        keyring = Keyring(house.settings.secret_key.get_secret_value().split(","))
        path = f"/join/confirm/{joining_token(keyring, number)}"
        looked = house.web.get(path).status_code
        assert looked in {200, 410}
        assert house.web.post(path).status_code == looked
