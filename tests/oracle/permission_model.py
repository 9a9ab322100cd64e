"""What permission is, said once more in its own words: the judge that the product's stories are held against.

It imports nothing of the product. People are plain addresses, topics are names, time is a number of days.
"""

from collections import defaultdict
from dataclasses import dataclass, field

CUSTOMERS = {"purchase", "download", "registration"}
PROMOTION = {"announcements", "offers", "other"}
ROOTS = {"tracking", "sharing", "confirmation"}


def above(scope: str) -> list[str]:
    """A scope and what stands above it: a stop anywhere among these stops it."""
    if scope in ROOTS:
        return [scope]
    group, _, name = scope.partition(":")
    if group == "sharing":
        return [scope, "sharing"]
    if group == "partner":
        return [scope, "partners", "everything"]
    if name:
        return [scope, group, "everything"]
    return (
        [scope, "everything"] if scope in {"research", "partners", "marketing"} else [scope, "marketing", "everything"]
    )


def family(who: str) -> str:
    """Who is likely the same person: no +tag, and no dots before gmail.com."""
    local, domain = who.split("@")
    local = local.split("+")[0]
    return f"{local.replace('.', '') if domain == 'gmail.com' else local}@{domain}"


@dataclass
class Yes:
    """A permission: said (consent) or implied (notice), by the person's own act or not."""

    how: str
    source: str
    preset: str
    day: float
    number: int
    own_word: bool = False


@dataclass
class Person:
    """All that the judge knows of one address."""

    contact: bool = False
    heard: bool = False
    yes: dict[str, Yes] = field(default_factory=dict)
    no: dict[tuple[str, str], int] = field(default_factory=dict)
    pauses: dict[str, float] = field(default_factory=dict)
    days_between: int = 0
    got: list[tuple[float, str]] = field(default_factory=list)


@dataclass
class World:
    """Everybody, and what holds for everybody."""

    preset: str = "strict"
    day: float = 0.0
    number: int = 0
    people: dict[str, Person] = field(default_factory=lambda: defaultdict(Person))
    closed: set[str] = field(default_factory=set)
    caps: dict[str, tuple[int, int]] = field(default_factory=lambda: {"research": (4, 90), "partners": (1, 30)})
    topics: set[str] = field(default_factory=lambda: {"announcements", "updates", "offers", "other", "research"})

    def stop(self, who: str, scope: str = "everything", why: str = "opt_out") -> None:
        """Somebody is stopped; a stop that stands keeps its place in the order."""
        self.number += 1
        person, scopes = self.people[who], [scope]
        person.heard = True
        if why in {"child", "complaint", "erasure"}:
            scopes = ["everything", "tracking", "sharing"]
        for each in scopes:
            person.no.setdefault((each, why), self.number)
        if why == "erasure":
            person.yes.clear()
            person.pauses.clear()
            person.days_between, person.contact = 0, False

    def agree(self, who: str, scope: str, yes: Yes) -> None:
        """Somebody says yes, or is said to; a weaker yes never takes a stronger one's place."""
        self.number += 1
        yes.number = self.number
        person = self.people[who]
        person.heard, old = True, person.yes.get(scope)
        if old is None or (yes.own_word, yes.how == "consent") >= (old.own_word, old.how == "consent"):
            person.yes[scope] = yes

    def may(self, who: str, topic: str) -> bool:
        """Whether mail on a topic may go to somebody now."""
        person, chain = self.people[who], above(topic)
        if not person.contact or topic not in self.topics | {"tracking"} or topic in self.closed:
            return False
        if any(scope in chain or why == "child" for scope, why in person.no):
            return False
        yes = person.yes.get(topic)
        if yes is None or not self.justifies(yes, topic):
            return False
        if self._family_holds(who, chain, yes.number if yes.own_word else 0):
            return False
        return not self._paused(person, chain) and (topic == "tracking" or self._not_too_much(person, chain))

    def _family_holds(self, who: str, chain: list[str], spoken: int) -> bool:
        relatives = [each for other, each in self.people.items() if other != who and family(other) == family(who)]
        return any(scope in chain and since > spoken for each in relatives for (scope, _), since in each.no.items())

    def _paused(self, person: Person, chain: list[str]) -> bool:
        return any(person.pauses.get(scope, 0) > self.day for scope in chain)

    def _not_too_much(self, person: Person, chain: list[str]) -> bool:
        if person.days_between and any(self.day - day < person.days_between for day, _ in person.got):
            return False
        for scope, (most, days) in self.caps.items():
            had = [on for day, on in person.got if self.day - day < days and scope in above(on)]
            if scope in chain and len(had) >= most:
                return False
        return True

    def justifies(self, yes: Yes, topic: str) -> bool:
        """Whether a yes of its kind is good for a topic, under the policy that it was given under."""
        group = topic.partition(":")[0]
        if yes.own_word:
            return True
        if yes.source == "survey" and (topic in PROMOTION or group in {"marketing", "partner", "sharing"}):
            return False
        if yes.source == "correspondence" and (topic == "offers" or group in {"partner", "sharing"}):
            return False
        if yes.how == "consent":
            return True
        plain = topic in PROMOTION | {"updates", "research", "tracking"}
        if yes.preset == "notice" and yes.source in CUSTOMERS:
            return plain and self.day - yes.day < 730
        listed = plain and topic not in {"offers", "research"}
        return yes.preset == "notice" and yes.source == "mailing_list" and listed
