"""What can happen in a story: each act says itself in prose, tells the judge, and does it through a real door.

The judge (`permission_model`) shares nothing with the product; the doors here are the product's own. This module holds
what all acts share, and those by which lists and programs bring people in.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from starlette.testclient import TestClient

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.leaving_tokens import preferences_token, unsubscribe_token
from contacts.storage.peppers import keys_of
from core.clock import now
from core.tokens import Keyring
from tests.api import Program, program
from tests.journeys.houses import House
from tests.oracle.permission_model import World, Yes

SOURCES = ("purchase", "download", "registration", "correspondence", "mailing_list", "survey")
TOPICS = ("announcements", "updates", "offers", "other", "research")
ADDED = ("marketing:events", "research:panel")
PARTNERS = ("partner:acme", "sharing:acme")
EVERY_SCOPE = (*TOPICS, *ADDED, *PARTNERS, "tracking")


@dataclass(frozen=True)
class Act(ABC):
    """One thing that happens; `who` is the address that it happens to, empty where it happens to nobody."""

    who: str = ""

    @abstractmethod
    def told(self) -> str:
        """The act as a sentence."""

    def possible(self, _world: World) -> bool:
        """Whether it can happen now; else the story goes on without it."""
        return True

    def judge(self, world: World) -> None:  # noqa: B027 - many acts change nobody's permission
        """What it means."""

    @abstractmethod
    def do(self, house: House, world: World) -> None:
        """Let the product do it; `world` is as it was before."""


def own_key(house: House, who: str) -> bytes:
    """The key by which the house knows an address."""
    with house.database.reading() as session:
        return keys_of(session, PepperRing.of(house.settings), read_address(who)).own


def token(house: House, who: str, kind: str) -> str:
    """The path of somebody's own link, as a mail would carry it."""
    own = own_key(house, who)
    keyring = Keyring(house.settings.secret_key.get_secret_value().split(","))
    return f"/u/{unsubscribe_token(keyring, own, 0, 0)}" if kind == "u" else f"/p/{preferences_token(keyring, own, 0)}"


def api(house: House) -> Program:
    """Another program."""
    assert isinstance(house.web, TestClient)
    return program(house.web, house.database)


def posted(house: House, path: str, data: dict[str, object]) -> str:
    """Send a form of ours."""
    answer = house.web.post(path, data=data)
    assert answer.status_code in {200, 303, 409}, f"{path}: {answer.status_code}"
    return answer.text


def has_a_link(world: World, who: str) -> bool:
    """Whether somebody can have a mail of ours, and so a link of their own."""
    person = world.people[who]
    return person.contact or person.heard or any(each.who == who and not each.ended for each in world.asked)


def _list(words: tuple[str, ...]) -> str:
    return " and ".join(words) or "nothing"


@dataclass(frozen=True)
class Imported(Act):
    """A row of a table, or a call by another program: with topics that were said yes to, perhaps stops or a child."""

    topics: tuple[str, ...] = ()
    source: str = "mailing_list"
    notice: bool = False
    stops: str = ""
    child: str = ""
    mode: str = "fill"
    by: str = "a table"

    def told(self) -> str:
        """The act as a sentence."""
        more = f", stopped for {self.stops}" if self.stops else ""
        more += {"": "", "flag": ", flagged as a child", "born": ", born ten years ago", "old": ", born in 1970"}[
            self.child
        ]
        more += ", having been told that mail will come" if self.told_of_mail else ""
        return (
            f"{self.who} comes by {self.by} ({self.mode}) from {self.source} with a yes to {_list(self.topics)}{more}"
        )

    @property
    def told_of_mail(self) -> bool:
        """Whether they were told: the API has no such option."""
        return self.notice and self.by == "a table"

    def _yes(self, world: World) -> list[str]:
        """What a file can name: open topics, tracking, and sharings with a partner that there is."""
        open_ones = {*(world.topics - world.closed), "tracking", *world.sharings()}
        return [each for each in dict.fromkeys(self.topics) if each in open_ones]

    def judge(self, world: World) -> None:
        """It adds who is new, and restricts who is known; only who was never heard of is taken at the file's word."""
        person, is_child = world.people[self.who], self.child in {"flag", "born"}
        new, adds = not person.contact and not person.heard, self.mode in {"fill", "add"}
        left = bool(person.yes) or any(why in {"child", "erasure"} for _, why in person.no)
        arrives = adds and not is_child and not person.contact and not left
        person.contact = person.contact or arrives
        if new and arrives:
            self._believe(world)
        if is_child:
            world.leave(self.who, why="child", anew=False)
        if self.stops:
            world.leave(self.who, self.stops, anew=False)
        if arrives and self.who in world.listed:
            world.stop(self.who)

    def _believe(self, world: World) -> None:
        person = world.people[self.who]
        told = (*TOPICS, "tracking") if self.told_of_mail and world.preset == "notice" else ()
        for how, topics in (("consent", self._yes(world)), ("notice", told)):
            for topic in topics:
                yes = Yes(how, self.source, world.preset, world.now)
                if topic not in person.yes and world.justifies(yes, topic):
                    world.agree(self.who, topic, yes)

    def do(self, house: House, world: World) -> None:
        """Through `heedful import`, or the API."""
        born = {"born": f"{now() - timedelta(days=3653):%Y-%m-%d}", "old": "1970-05-06"}.get(self.child, "")
        when, yes = f"{now():%Y-%m-%dT%H:%M:%SZ}", self._yes(world)
        if self.by == "a program":
            said = {"address": self.who, "source": self.source, "source_time": when, "evidence": "a form"}
            given = {"mode": self.mode, "topics": yes, "child": self.child == "flag"}
            given |= {"opted_out": [self.stops] if self.stops else []} | ({"birth_date": born} if born else {})
            answer = api(house).post("/contacts", said | given)
            assert answer.status_code == 200, answer.text
            return
        row = [self.who, "; ".join(yes), self.stops, "yes" if self.child == "flag" else "", born]
        table = house.folder / "row.csv"
        table.write_text(f"email,topics,opted out,child,birth date\n{','.join(row)}\n", encoding="utf-8")
        facts = ["--source", self.source, "--source-time", when, "--evidence", "a form", "--mode", self.mode]
        assert not house.told("import", str(table), *facts, *(["--notice"] if self.notice else [])).get("rejected")


@dataclass(frozen=True)
class HashesListed(Act):
    """A suppression list of hashes: who is known is stopped now, who is not as soon as a list brings them."""

    def told(self) -> str:
        """The act as a sentence."""
        return f"a suppression list comes with the hash of {self.who} and no address"

    def judge(self, world: World) -> None:
        """Stopped now, or on arrival."""
        world.listed.add(self.who)
        if world.people[self.who].contact:
            world.stop(self.who, anew=False)

    def do(self, house: House, _world: World) -> None:
        """Through `heedful import`."""
        table = house.folder / "hashes.txt"
        table.write_text(sha256(self.who.encode()).hexdigest() + "\n", encoding="utf-8")
        house.heedful("import", str(table), "--mode", "restrict")


@dataclass(frozen=True)
class Stopped(Act):
    """One scope is stopped at somebody's wish, by an operator, by another program, or for all contacts at once."""

    scope: str = "marketing"
    by: str = "the terminal"

    def told(self) -> str:
        """The act as a sentence."""
        everybody = self.by == "an edit of all contacts"
        return f"by {self.by} {'everybody is' if everybody else f'{self.who} asks to be'} stopped for {self.scope}"

    def judge(self, world: World) -> None:
        """Stopped; an edit of many passes over those who are stopped already."""
        if self.by != "an edit of all contacts":
            world.leave(self.who, self.scope)
            return
        for who, person in list(world.people.items()):
            if person.contact:
                world.stop(who, self.scope, anew=False)

    def do(self, house: House, _world: World) -> None:
        """Through one of three doors."""
        if self.by == "the terminal":
            house.heedful("opt-out", self.who, "--scope", self.scope)
        elif self.by == "a program":
            assert api(house).post("/opt-outs", {"address": self.who, "scope": self.scope}).status_code == 200
        else:
            house.heedful("contacts", "edit", "--everybody", "--opt-out", self.scope, "--evidence", "a letter")
