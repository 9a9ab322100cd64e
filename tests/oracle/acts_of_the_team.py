"""What the team does to people: merges, corrects, erases, flags, settles, deletes."""

from copy import deepcopy
from dataclasses import dataclass

from sqlalchemy import select
from starlette.testclient import TestClient

from contacts.storage.cases import Case, Proposal
from contacts.storage.contacts import contact_by_key
from contacts.web.contacting import REASONS
from core.operators import Role, operators
from tests.journeys.houses import House
from tests.oracle.permission_model import DAY, World
from tests.oracle.story_acts import Act, api, own_key
from tests.web import PASSWORD, browser, csrf, sign_in

CHILD_DAYS = 14


def tidied(world: World) -> None:
    """What the clock does when it comes round: what is kept of a child goes after its days."""
    for who, person in list(world.people.items()):
        if any(at <= world.now - CHILD_DAYS * DAY for at in person.flagged):
            forgotten(world, who)


def forgotten(world: World, who: str) -> None:
    """All that is kept of a person goes, under every address they were known by."""
    everyone = {who, *world.earlier(who)}
    for each in everyone:
        world.people[each].contact = False
        world.people[each].cases.clear()
    world.end(each for each in world.asked if each.who in everyone or (each.mover in everyone and not each.done))


def released(world: World, who: str) -> None:
    """What somebody's open requests hold ends; where one may be about a child the hold stays."""
    person = world.people[who]
    if any(person.cases.values()) and "child" not in person.cases:
        world.heard(who).no = {place: since for place, since in person.no.items() if place[1] != "hold"}


@dataclass(frozen=True)
class Deleted(Act):
    """The team deletes a contact."""

    def told(self) -> str:
        """The act as a sentence."""
        return f"the team deletes the contact {self.who}"

    def possible(self, world: World) -> bool:
        """There must be one."""
        return world.people[self.who].contact

    def judge(self, world: World) -> None:
        """It forgets no stop and no yes, and kills no link."""
        world.people[self.who].contact = False

    def do(self, house: House, _world: World) -> None:
        """As a script of theirs would."""
        own = own_key(house, self.who)
        with house.database.writing() as session:
            session.delete(contact_by_key(session, own))


@dataclass(frozen=True)
class Merged(Act):
    """Two contacts become one; `who` stays."""

    dropped: str = ""

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.dropped} is merged into {self.who}"

    def possible(self, world: World) -> bool:
        """Both must be there."""
        return self.who != self.dropped and world.people[self.who].contact and world.people[self.dropped].contact

    def judge(self, world: World) -> None:
        """The strictest of both holds for both; no yes moves."""
        kept, gone = deepcopy(world.people[self.who]), deepcopy(world.people[self.dropped])
        world.people[self.who].former.add(self.dropped)
        world.carry(gone, self.who)
        world.carry(kept, self.dropped)
        world.people[self.dropped].contact = False

    def do(self, house: House, _world: World) -> None:
        """Through the terminal."""
        house.heedful("merge", self.who, self.dropped)


@dataclass(frozen=True)
class Readdressed(Act):
    """The team corrects somebody's address."""

    new: str = ""

    def told(self) -> str:
        """The act as a sentence."""
        return f"the team corrects the address of {self.who} to {self.new}"

    def possible(self, world: World) -> bool:
        """The new one must be nobody's, and no child's or erased person's."""
        new = world.people[self.new]
        taken = new.contact or any(why in {"child", "erasure"} for _, why in new.no)
        return world.people[self.who].contact and self.who != self.new and not taken

    def judge(self, world: World) -> None:
        """Stops go along; what the new address said before does not come back to life."""
        world.carry(world.people[self.who], self.new)
        if world.people[self.new].yes:
            world.stop(self.new)
        world.people[self.who].contact, world.people[self.new].contact = False, True
        world.people[self.new].former.add(self.who)

    def do(self, house: House, _world: World) -> None:
        """Through the terminal."""
        house.heedful("person", "correct", self.who, "--new-address", self.new)


@dataclass(frozen=True)
class Erased(Act):
    """The team erases a person."""

    def told(self) -> str:
        """The act as a sentence."""
        return f"{self.who} is erased"

    def judge(self, world: World) -> None:
        """The block is all that stays, under every address they had; open requests end, and what those held."""
        everyone = (self.who, *sorted(world.earlier(self.who)))
        for each in everyone:
            world.stop(each, why="erasure")
        for each in everyone:
            released(world, each)
        forgotten(world, self.who)
        tidied(world)

    def do(self, house: House, _world: World) -> None:
        """Through the terminal."""
        house.heedful("person", "erase", self.who, "--evidence", "a letter", "--yes")


@dataclass(frozen=True)
class Flagged(Act):
    """Another program says that somebody is a child, or every contact is flagged at once by mistake."""

    def told(self) -> str:
        """The act as a sentence."""
        return f"another program says that {self.who} is a child"

    def judge(self, world: World) -> None:
        """Absolute."""
        world.leave(self.who, why="child")

    def do(self, house: House, _world: World) -> None:
        """Through the API."""
        assert api(house).post("/children", {"address": self.who}).status_code == 200


@dataclass(frozen=True)
class Unflagged(Act):
    """Two operators take a child flag back, with evidence of a mistake."""

    def told(self) -> str:
        """The act as a sentence."""
        return f"two operators agree that {self.who} is no child"

    def possible(self, world: World) -> bool:
        """Only who is flagged."""
        return world.people[self.who].stopped("everything", {"child"})

    def judge(self, world: World) -> None:
        """It lifts that block and no other."""
        person = world.heard(self.who)
        person.no = {place: since for place, since in person.no.items() if place[1] != "child"}
        person.flagged.clear()

    def do(self, house: House, _world: World) -> None:
        """Each at a browser of their own, in the console."""
        page = f"/console/people/{own_key(house, self.who).hex()}"
        with browser(house.settings, house.database) as one, browser(house.settings, house.database) as two:
            _enter(house, one, Role.EDITOR)
            _enter(house, two, Role.ADMIN)
            said = {"csrf": csrf(one, page), "act": "child_correction", "evidence-child_correction": "a passport"}
            assert one.post(f"{page}/propose", data=said).status_code == 303
            with house.database.reading() as session:
                number = session.scalar(select(Proposal.id).order_by(Proposal.id.desc()).limit(1))
            decided = {"csrf": csrf(two, page), "decision": "approve"}
            assert two.post(f"/console/people/proposals/{number}/decide", data=decided).status_code == 303


def _enter(house: House, client: TestClient, role: Role) -> None:
    with house.database.reading() as session:
        known = {each.email for each in operators(session)}
    email = f"{role.value}@example.org"
    if email not in known:
        sign_in(client, house.database, role)
        return
    answer = client.post("/console/sign-in", data={"email": email, "password": PASSWORD, "csrf": ""})
    assert answer.status_code == 303


@dataclass(frozen=True)
class Settled(Act):
    """The team settles one of somebody's requests."""

    reason: str = "delete"
    outcome: str = "released"

    def told(self) -> str:
        """The act as a sentence."""
        return f"the team settles the request ({self.reason}) of {self.who}: {self.outcome}"

    def possible(self, world: World) -> bool:
        """There must be one."""
        return self.reason in world.people[self.who].cases

    def judge(self, world: World) -> None:
        """Its hold ends, unless another request holds the address; no stop does."""
        if self.outcome == "opted_out":
            world.leave(self.who)
        if self.outcome == "child":
            world.leave(self.who, why="child")
        person = world.people[self.who]
        held = person.cases.pop(self.reason)
        if held and not any(person.cases.values()) and any(why == "hold" for _, why in person.no):
            world.heard(self.who)
            person.no = {place: since for place, since in person.no.items() if place[1] != "hold"}

    def do(self, house: House, _world: World) -> None:
        """Through the terminal."""
        kind = REASONS[self.reason].value
        mine = select(Case.id).where(Case.address_key == own_key(house, self.who), Case.kind == kind)
        with house.database.reading() as session:
            number = session.scalar(mine.where(Case.closed_at.is_(None)))
        house.heedful("case", "close", str(number), "--outcome", self.outcome, "--note", "settled")
