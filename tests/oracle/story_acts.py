"""What can happen in a story: each act says itself in prose, tells the judge, and does it through a real door.

The judge (`permission_model`) shares nothing with the product; the doors here are the product's own.
"""

from dataclasses import dataclass
from email.message import EmailMessage

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.leaving_tokens import preferences_token, unsubscribe_token
from contacts.storage.contacts import contact_by_key
from core.clock import now
from core.tokens import Keyring
from tests.journeys.houses import House
from tests.oracle.permission_model import World, Yes, above

SOURCES = ("purchase", "download", "registration", "correspondence", "mailing_list", "survey")
TOPICS = ("announcements", "updates", "offers", "other", "research")


@dataclass(frozen=True)
class Act:
    """One thing that happens; `who` is the address that it happens to."""

    who: str

    def told(self) -> str:
        """The act as a sentence."""
        raise NotImplementedError

    def judge(self, world: World) -> None:
        """What it means."""

    def do(self, house: House) -> None:
        """Let the product do it."""
        raise NotImplementedError


def own_key(house: House, who: str) -> bytes:
    """The key that an address was first known by."""
    return PepperRing.of(house.settings).peppers[-1].keys(read_address(who)).own


def token(house: House, who: str, kind: str) -> str:
    """The path of somebody's own link, as a mail would carry it."""
    own = own_key(house, who)
    keyring = Keyring(house.settings.secret_key.get_secret_value().split(","))
    return f"/u/{unsubscribe_token(keyring, own, 0, 0)}" if kind == "u" else f"/p/{preferences_token(keyring, own, 0)}"


@dataclass(frozen=True)
class Imported(Act):
    """A row of a table: with topics that were said yes to, perhaps stops, perhaps a child."""

    topics: tuple[str, ...] = ()
    source: str = "mailing_list"
    notice: bool = False
    stops: str = ""
    child: bool = False

    def told(self) -> str:
        yes = f"with a yes to {', '.join(self.topics)}" if self.topics else "with no yes"
        stop = f", stopped for {self.stops}" if self.stops else ""
        return f"{self.who} is imported from {self.source} {yes}{stop}{', as a child' if self.child else ''}" + (
            ", having been told" if self.notice else ""
        )

    def judge(self, world: World) -> None:
        person = world.people[self.who]
        new = not person.contact and not person.heard
        gone = bool(person.yes) or any(why in {"child", "erasure"} for _, why in person.no)
        if not self.child:
            person.contact = person.contact or not gone
        if new and not self.child:
            for topic in dict.fromkeys(self.topics):
                yes = Yes("consent", self.source, world.preset, world.day, 0)
                if world.justifies(yes, topic):
                    world.agree(self.who, topic, yes)
            for topic in (*TOPICS, "tracking") if self.notice else ():
                yes = Yes("notice", self.source, world.preset, world.day, 0)
                if topic not in person.yes and world.justifies(yes, topic):
                    world.agree(self.who, topic, yes)
        if self.child:
            world.stop(self.who, why="child")
        if self.stops:
            world.stop(self.who, self.stops)

    def do(self, house: House) -> None:
        table = house.folder / "row.csv"
        row = [self.who, "; ".join(self.topics), self.stops, "yes" if self.child else ""]
        table.write_text(f"email,topics,opted out,child\n{','.join(row)}\n", encoding="utf-8")
        facts = ["--source", self.source, "--source-time", f"{now():%Y-%m-%dT%H:%M:%SZ}", "--evidence", "a form"]
        house.heedful("import", str(table), *facts, *(["--notice"] if self.notice else []))


@dataclass(frozen=True)
class OptedOut(Act):
    """Somebody leaves through one of the doors that stop everything."""

    door: str = "one-click"

    def told(self) -> str:
        return f"{self.who} leaves by {self.door}"

    def judge(self, world: World) -> None:
        world.stop(self.who)

    def do(self, house: House) -> None:
        answer = DOORS[self.door](house, self.who)
        assert "Done" in answer or "done" in answer, answer


def _posted(house: House, path: str, data: dict[str, str]) -> str:
    answer = house.web.post(path, data=data)
    assert answer.status_code == 200, answer.status_code
    return answer.text


def _letter(house: House, who: str) -> str:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = who, "leave@example.org", "unsubscribe"
    letter.set_content("please")
    return house.heedful("opt-out", "--mail", "-", given=letter.as_bytes())


def _listed(house: House, who: str) -> str:
    table = house.folder / "stop.csv"
    table.write_text(f"email\n{who}\n", encoding="utf-8")
    facts = ("--source", "correspondence", "--source-time", "2026-11-20")
    return "done" if house.told("import", str(table), "--suppression", *facts) else ""


DOORS = {
    "one-click": lambda house, who: _posted(house, token(house, who, "u"), {"List-Unsubscribe": "One-Click"}),
    "the page": lambda house, who: _posted(house, token(house, who, "u"), {"from": "page"}),
    "the open page": lambda house, who: _posted(house, "/unsubscribe", {"address": who.upper()}),
    "their preference page": lambda house, who: _posted(house, token(house, who, "p"), {"act": "stop"}),
    "mailto": _letter,
    "the terminal": lambda house, who: house.heedful("opt-out", who),
    "a suppression list": _listed,
}


@dataclass(frozen=True)
class Stopped(Act):
    """An operator stops a scope in the terminal."""

    scope: str = "marketing"

    def told(self) -> str:
        return f"{self.who} asks to stop {self.scope}"

    def judge(self, world: World) -> None:
        world.stop(self.who, self.scope)

    def do(self, house: House) -> None:
        house.heedful("opt-out", self.who, "--scope", self.scope)


@dataclass(frozen=True)
class Complained(Act):
    """A provider's feedback report."""

    def told(self) -> str:
        return f"{self.who} reports a mail as spam"

    def judge(self, world: World) -> None:
        world.stop(self.who, why="complaint")

    def do(self, house: House) -> None:
        house.heedful("opt-out", "--mail", "-", given=REPORT.format(who=self.who).encode())


REPORT = """From: fbl@provider.example.net\r
To: complaints@example.org\r
Subject: complaint\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=feedback-report; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
a complaint\r
--b\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: abuse\r
User-Agent: provider/1\r
Version: 1\r
Original-Rcpt-To: {who}\r
\r
--b--\r
"""


@dataclass(frozen=True)
class Scanned(Act):
    """A link scanner opens both of somebody's links."""

    def told(self) -> str:
        return f"a scanner opens the links of {self.who}"

    def do(self, house: House) -> None:
        for kind in "up":
            assert house.web.get(token(house, self.who, kind)).status_code == 200


@dataclass(frozen=True)
class Deleted(Act):
    """The team deletes a contact."""

    def told(self) -> str:
        return f"the team deletes {self.who}"

    def judge(self, world: World) -> None:
        world.people[self.who].contact = False

    def do(self, house: House) -> None:
        with house.database.writing() as session:
            contact = contact_by_key(session, own_key(house, self.who))
            if contact is not None:
                session.delete(contact)


@dataclass(frozen=True)
class TimePasses(Act):
    """Days go by; or, where the clock is set back, come again."""

    days: int = 1

    def told(self) -> str:
        return f"{self.days} days pass" if self.days > 0 else f"the clock is set back by {-self.days} days"

    def judge(self, world: World) -> None:
        world.day += self.days

    def do(self, house: House) -> None:
        house.later(days=self.days)


@dataclass(frozen=True)
class Chose(Act):
    """Somebody saves their preference page with these ticks and no others."""

    ticks: tuple[str, ...] = ()

    def told(self) -> str:
        return f"{self.who} saves their own page with {', '.join(self.ticks) or 'nothing'} ticked"

    def judge(self, world: World) -> None:
        person = world.people[self.who]
        final = {why for _, why in person.no} & {"child", "erasure", "hold", "complaint"}
        if not person.contact or (self.ticks and final):
            return
        starting = [each for each in dict.fromkeys(self.ticks) if not self._says_it_already(world, each)]
        for scope in (*TOPICS, "tracking"):
            if scope not in self.ticks and (scope, "opt_out") not in person.no:
                world.stop(self.who, scope)
        for each in starting:
            for scope in above(each):
                person.no.pop((scope, "opt_out"), None)
        for each in starting:
            world.agree(self.who, each, Yes("consent", "", world.preset, world.day, 0, own_word=True))

    def _says_it_already(self, world: World, topic: str) -> bool:
        person = world.people[self.who]
        yes = person.yes.get(topic)
        free = not any(scope in above(topic) or why == "child" for scope, why in person.no)
        return yes is not None and yes.own_word and free

    def do(self, house: House) -> None:
        topics = [each for each in self.ticks if each != "tracking"]
        fields = {"act": ["save"], "topic": topics, "tracking": ["1"] if "tracking" in self.ticks else []}
        answer = house.web.post(token(house, self.who, "p"), data=fields)
        assert answer.status_code in {200, 303, 409}, answer.status_code


@dataclass(frozen=True)
class Campaign(Act):
    """The team sends a campaign to everybody; `who` is nobody."""

    topic: str = "updates"

    def told(self) -> str:
        return f"a campaign on {self.topic} is sent to everybody"

    def judge(self, world: World) -> None:
        self.expected(world)
        for who in self.expected(world):
            world.people[who].got.append((world.day, self.topic))

    def expected(self, world: World) -> set[str]:
        """Who is to get it, as the judge sees it."""
        return {who for who in list(world.people) if world.may(who, self.topic)}

    def do(self, house: House) -> None:
        raise AssertionError("told apart by the story: it compares who got it")
