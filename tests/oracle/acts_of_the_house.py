"""What happens to everybody: topics, the partner, the policy, the pepper, the clock, and mail itself."""

import csv
from dataclasses import dataclass

from pydantic import SecretStr

from tests.journeys.houses import House
from tests.oracle.acts_of_the_team import tidied
from tests.oracle.permission_model import DAY, Partner, World
from tests.oracle.story_acts import Act, has_a_link, token


@dataclass(frozen=True)
class TopicKept(Act):
    """The team adds, archives or reopens a topic."""

    verb: str = "archive"
    topic: str = "updates"

    def told(self) -> str:
        """The act as a sentence."""
        return f"the team {self.verb}s the topic {self.topic}"

    def possible(self, world: World) -> bool:
        """Only what is not there is added, and nobody may have said yes to the name before."""
        there = self.topic in world.topics
        return (self.verb == "add") != there and (there or ":" in self.topic)

    def judge(self, world: World) -> None:
        """It makes nobody mailable who did not say yes to it."""
        world.topics.add(self.topic)
        (world.closed.add if self.verb == "archive" else world.closed.discard)(self.topic)

    def do(self, house: House, _world: World) -> None:
        """Through the terminal."""
        title = ["--title", self.topic.title()] if self.verb == "add" else []
        house.heedful("topic", self.verb, self.topic, *title)


@dataclass(frozen=True)
class PartnerKept(Act):
    """The team adds the partner, stops and takes up working with them."""

    verb: str = "add"

    def told(self) -> str:
        """The act as a sentence."""
        return f"the team {self.verb}s the partner Acme"

    def possible(self, world: World) -> bool:
        """Added once."""
        return (self.verb == "add") == (world.partner is None)

    def judge(self, world: World) -> None:
        """Nobody is mailable for a new partner; for one that is not active nobody at all."""
        if world.partner is None:
            world.partner = Partner(world.now)
        world.partner.active = self.verb != "deactivate"

    def do(self, house: House, _world: World) -> None:
        """Through the terminal."""
        terms = ["--title", "Acme", "--contract", "7", "--privacy-email", "p@acme.test"]
        terms += ["--suppression-email", "s@acme.test", "--field", "address"]
        house.heedful("partner", self.verb, "acme", *(terms if self.verb == "add" else []))


@dataclass(frozen=True)
class Exported(Act):
    """Contacts are handed to the partner; who is compared with what the judge says."""

    def told(self) -> str:
        """The act as a sentence."""
        return "contacts are exported to the partner Acme"

    def possible(self, world: World) -> bool:
        """Only to a partner that works."""
        return world.partner is not None and world.partner.works(world)

    def expected(self, world: World) -> set[str]:
        """Who permits it, and did not stop the partner's mail."""
        return {
            who
            for who, person in list(world.people.items())
            if world.may(who, "sharing:acme")
            and not person.stopped("partner:acme")
            and not world.held(who, "partner:acme")
        }

    def judge(self, world: World) -> None:
        """From now on the partner must hear of what they stop."""
        assert world.partner is not None
        world.number += 1
        world.partner.holds |= self.expected(world)

    def do(self, house: House, world: World) -> None:
        """Through the terminal."""
        table = house.folder / f"acme-{world.now}.csv"
        facts = ("--purpose", "inform", "--reference", "spring", "--output", str(table))
        house.heedful("partner", "export", "acme", *facts)
        got = {row[0] for row in list(csv.reader(table.read_text("utf-8-sig").splitlines()))[1:]}
        assert got == self.expected(world), f"shared were {got}, the judge says {self.expected(world)}"


@dataclass(frozen=True)
class ListGiven(Act):
    """The partner is given the opt-out list, and may say that they heed it."""

    heeded: bool = True

    def told(self) -> str:
        """The act as a sentence."""
        return f"Acme is given the opt-out list{' and heeds it' if self.heeded else ''}"

    def possible(self, world: World) -> bool:
        """There must be something to tell."""
        return world.partner is not None and bool(world.partner.duties)

    def judge(self, world: World) -> None:
        """What was stopped until now is told; heeding a list heeds those before."""
        assert world.partner is not None
        world.partner.lists.append((world.now, world.number, False))
        if self.heeded:
            world.partner.lists = [(at, number, True) for at, number, _ in world.partner.lists]

    def do(self, house: House, world: World) -> None:
        """Through the terminal."""
        house.heedful("partner", "opt-outs", "acme", "--output", str(house.folder / f"list-{world.now}.txt"))
        if self.heeded:
            house.heedful("partner", "acknowledge", "acme")


@dataclass(frozen=True)
class Published(Act):
    """A new version of the policy."""

    preset: str = "notice"

    def told(self) -> str:
        """The act as a sentence."""
        return f"a new policy is published: {self.preset}"

    def possible(self, world: World) -> bool:
        """Not by a clock that goes before the last one's."""
        return world.now > world.published

    def judge(self, world: World) -> None:
        """It holds for what is agreed to from now on."""
        world.preset, world.published = self.preset, world.now

    def do(self, house: House, world: World) -> None:
        """Through the terminal."""
        (house.folder / "policy.md").write_text("What we do.", encoding="utf-8")
        house.heedful("policy", "publish", f"v{world.now}", "--preset", self.preset, "--text", "policy.md")


@dataclass(frozen=True)
class Rotated(Act):
    """The secret that keys addresses is rotated."""

    def told(self) -> str:
        """The act as a sentence."""
        return "the pepper is rotated"

    def do(self, house: House, world: World) -> None:
        """First on each machine, then in the database, as the command says."""
        old = house.settings.pepper.get_secret_value()
        house.change(pepper=SecretStr(f"another-pepper-that-is-long-enough-{world.now},{old}"))
        house.heedful("pepper", "rotate")


@dataclass(frozen=True)
class TimePasses(Act):
    """Days go by; or the clock is set back."""

    days: int = 1

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.days} days pass" if self.days > 0 else f"the clock is set back by {-self.days} days"

    def possible(self, world: World) -> bool:
        """No clock goes before the house was built."""
        return world.now + self.days * DAY > 0

    def judge(self, world: World) -> None:
        """Nothing, by itself."""
        world.now += self.days * DAY

    def do(self, house: House, _world: World) -> None:
        """The machine's clock."""
        house.later(days=self.days)


@dataclass(frozen=True)
class Scanned(Act):
    """A link scanner opens both of somebody's links."""

    def told(self) -> str:
        """The act as a sentence."""
        return f"a scanner opens the links of {self.who}"

    def possible(self, world: World) -> bool:
        """Only who had mail has links."""
        return has_a_link(world, self.who)

    def do(self, house: House, _world: World) -> None:
        """GET, and no more."""
        for kind in "up":
            assert house.web.get(token(house, self.who, kind)).status_code == 200


@dataclass(frozen=True)
class Verified(Act):
    """The ledger is verified."""

    def told(self) -> str:
        """The act as a sentence."""
        return "the ledger is verified"

    def do(self, house: House, _world: World) -> None:
        """Through the terminal."""
        assert house.told("verify")["fault"] == "none"


@dataclass(frozen=True)
class Campaign(Act):
    """The team sends a campaign to everybody; who got it is compared with what the judge says."""

    topic: str = "updates"

    def told(self) -> str:
        """The act as a sentence."""
        return f"a campaign on {self.topic} is sent to everybody"

    def possible(self, world: World) -> bool:
        """A closed topic cannot be scheduled."""
        return world.is_open(self.topic)

    def expected(self, world: World) -> set[str]:
        """Who is to get it, as the judge sees it."""
        return {who for who in list(world.people) if world.may(who, self.topic)}

    def judge(self, world: World) -> None:
        """It counts for caps and rhythms; the clock tidies up meanwhile."""
        for who in self.expected(world):
            world.people[who].got.append((world.now, self.topic))
        for each in world.asked:
            each.mailed = True
        tidied(world)

    def do(self, house: House, world: World) -> None:
        """From the file to the mailboxes."""
        name = f"c{world.now}"
        house.apply(name, topic=self.topic)
        house.tick()
        mails = [mail.to for mail in house.send() if mail.message["Subject"] == name.title()]
        house.tick()
        assert len({*mails}) == len(mails), "somebody got it twice"
        assert {*mails} == self.expected(world), f"{self.topic} went to {mails}, the judge says {self.expected(world)}"
