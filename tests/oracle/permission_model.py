"""What permission is, said once more in its own words: the judge that the product's stories are held against.

It imports nothing of the product. People are plain addresses, topics are names, time is a number of minutes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

DAY = 24 * 60
CUSTOMERS = {"purchase", "download", "registration"}
PROMOTION = {"announcements", "offers", "other"}
MARKETING = PROMOTION | {"updates"}
ROOTS = {"everything", "tracking", "sharing", "confirmation"}
GROUPS = {"everything", "marketing", "partners", "sharing"}
FINAL = {"child", "erasure", "complaint", "bounce", "hold"}


def above(scope: str) -> list[str]:
    """A scope and what stands above it: a stop anywhere among these stops it."""
    if scope in ROOTS:
        return [scope]
    group, _, name = scope.partition(":")
    if name:
        group = "partners" if group == "partner" else group
        return [scope, *above(group)]
    return [scope, "marketing", "everything"] if scope in MARKETING else [scope, "everything"]


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
    at: int
    own_word: bool = False
    number: int = 0


@dataclass
class Person:
    """All that the judge knows of one address; `page` is what stood before the last act on their own page."""

    contact: bool = False
    heard: bool = False
    yes: dict[str, Yes] = field(default_factory=dict)
    no: dict[tuple[str, str], int] = field(default_factory=dict)
    pause: int = 0
    days_between: int = 0
    got: list[tuple[int, str]] = field(default_factory=list)
    former: set[str] = field(default_factory=set)
    flagged: list[int] = field(default_factory=list)
    cases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    page: "tuple[int, Person] | None" = None

    def stopped(self, scope: str, why: Collection[str] = ()) -> bool:
        """Whether a stop (for one of these reasons) covers a scope; a child's covers every scope there is."""
        return any((s in above(scope) or w == "child") and (not why or w in why) for s, w in self.no)


@dataclass
class World:
    """Everybody, and what holds for everybody."""

    preset: str = "strict"
    now: int = 0
    number: int = 0
    published: int = 0
    people: dict[str, Person] = field(default_factory=lambda: defaultdict(Person))
    topics: set[str] = field(default_factory=lambda: {*MARKETING, "research"})
    closed: set[str] = field(default_factory=set)
    partner: "Partner | None" = None
    asked: "list[Request]" = field(default_factory=list)
    listed: set[str] = field(default_factory=set)
    caps: dict[str, tuple[int, int]] = field(default_factory=lambda: {"research": (4, 90), "partners": (1, 30)})

    def heard(self, who: str) -> Person:
        """Something is recorded about somebody: the next number is theirs."""
        self.number += 1
        person = self.people[who]
        person.heard, person.page = True, None
        return person

    def leave(self, who: str, scope: str = "everything", why: str = "opt_out", *, anew: bool = True) -> None:
        """Somebody leaves, or is a child: under this address and under every one that they had later."""
        for each in (who, *sorted(later for later in list(self.people) if who in self.earlier(later))):
            if each == who or why != "bounce":
                self.stop(each, scope, why, anew=anew)

    def earlier(self, who: str) -> set[str]:
        """The addresses that somebody had before."""
        found, ahead = set[str](), {who}
        while ahead:
            ahead = {each for known in ahead for each in self.people[known].former} - found - {who}
            found |= ahead
        return found

    def stop(self, who: str, scope: str = "everything", why: str = "opt_out", *, anew: bool = True) -> None:
        """An address is stopped; a stop that stands keeps its place in the order, and is said again if `anew`."""
        if not anew and (scope, why) in self.people[who].no:
            return
        person, scopes = self.heard(who), [scope]
        if why in {"child", "complaint", "erasure"}:
            scopes = ["everything", "tracking", "sharing"]
        for each in scopes:
            person.no.setdefault((each, why), self.number)
        if why == "child":
            person.flagged.append(self.now)
        if why == "erasure":
            person.yes.clear()
            person.pause = person.days_between = 0
        if scope == "everything" and why in {"opt_out", "child", "complaint", "erasure"}:
            self.end(each for each in self.asked if each.who == who and not each.done)
        if self.partner:
            self.partner.hear(self, who, scopes)

    def ask(self, request: "Request") -> None:
        """Somebody asks; it takes the place of what was asked for the same address and of which no mail was sent."""
        self.end(each for each in self.asked if each.who == request.who and not each.mailed and not each.done)
        self.asked.append(request)

    def end(self, requests: "Iterable[Request]") -> None:
        """What was asked is asked no more: its link leads nowhere."""
        for each in requests:
            each.ended = True

    def agree(self, who: str, scope: str, yes: Yes) -> None:
        """Somebody says yes, or is said to; a weaker yes never takes a stronger one's place."""
        person, old = self.heard(who), self.people[who].yes.get(scope)
        yes.number = self.number
        if old is None or (yes.own_word, yes.how == "consent") >= (old.own_word, old.how == "consent"):
            person.yes[scope] = yes

    def choose(self, who: str, chosen: Collection[str], lifts: Collection[str]) -> None:
        """A person's own yes: it lifts what covers it, and whatever else that covered is stopped by name."""
        before = dict(self.people[who].no)
        for scope, why in before:
            covers = any(scope in above(each) for each in chosen) and (
                scope in chosen or scope in {*GROUPS, "tracking"}
            )
            if why in lifts and covers:
                for each in self.beside(scope, chosen):
                    self.stop(who, each, anew=False)
                self.heard(who).no.pop((scope, why))
        for each in sorted(chosen):
            self.agree(who, each, Yes("consent", "", self.preset, self.now, own_word=True))

    def beside(self, wide: str, chosen: Collection[str]) -> Iterator[str]:
        """The widest scopes below one that is lifted that nobody chose."""
        for scope in sorted({"marketing", "partners", *self.topics, *self.sharings()}):
            if above(scope)[1:2] == [wide]:
                inside = scope in GROUPS and any(scope in above(each) for each in chosen)
                yield from self.beside(scope, chosen) if inside or scope in chosen else [scope]

    def carry(self, source: Person, who: str) -> None:
        """Whoever turns out to be one person is stopped, paused and limited everywhere; a bounce is a mailbox's."""
        there = dict(self.people[who].no)
        for scope, why in sorted(source.no, key=lambda each: (each[1], each[0])):
            if why != "bounce" and (scope, why) not in there:
                partly = why in {"complaint", "erasure"} and ("everything", why) not in source.no
                self.stop(who, scope, "opt_out" if partly else why, anew=False)
        if source.pause > max(self.now, self.people[who].pause):
            self.heard(who).pause = source.pause
        if source.days_between > self.people[who].days_between:
            self.heard(who).days_between = source.days_between

    def sharings(self) -> set[str]:
        """The sharings that there are."""
        return {"sharing:acme"} if self.partner else set()

    def is_open(self, scope: str) -> bool:
        """Whether mail on a topic, tracking or sharing goes to anybody at all."""
        if scope.endswith(":acme"):
            return self.partner is not None and self.partner.works(self)
        return scope == "tracking" or scope in self.topics - self.closed

    def permits(self, who: str, scope: str) -> bool:
        """Whether somebody said yes, or was told, and no stop stands against it; deny beats permit."""
        return self.says_yes(who, scope) and not self.held(who, scope)

    def says_yes(self, who: str, scope: str) -> bool:
        """The same, whatever likely same persons say."""
        person, yes = self.people[who], self.people[who].yes.get(scope)
        return not person.stopped(scope) and yes is not None and self.justifies(yes, scope)

    def held(self, who: str, scope: str) -> bool:
        """Whether a stop of a likely same person holds somebody, who has not themselves said yes after it."""
        yes = self.people[who].yes.get(scope)
        spoken = yes.number if yes and yes.own_word else 0
        relatives = [each for other, each in self.people.items() if other != who and family(other) == family(who)]
        return any(s in above(scope) and since > spoken for each in relatives for (s, _), since in each.no.items())

    def may(self, who: str, scope: str) -> bool:
        """Whether mail on a topic may go to somebody now."""
        person = self.people[who]
        if not (person.contact and self.is_open(scope) and self.permits(who, scope)):
            return False
        paused = "everything" in above(scope) and person.pause > self.now
        return not paused and (above(scope)[-1] != "everything" or self._not_too_much(person, scope))

    def _not_too_much(self, person: Person, scope: str) -> bool:
        if person.days_between and any(self.now - at < person.days_between * DAY for at, _ in person.got):
            return False
        for wide, (most, days) in self.caps.items():
            had = [on for at, on in person.got if self.now - at < days * DAY and wide in above(on)]
            if wide in above(scope) and len(had) >= most:
                return False
        return True

    def justifies(self, yes: Yes, topic: str) -> bool:
        """Whether a yes of its kind is good for a topic, under the policy that it was given under."""
        group, _, added = topic.partition(":")
        if yes.own_word:
            return True
        if yes.source == "survey" and (topic in PROMOTION or group in {"marketing", "partner", "sharing"}):
            return False
        if yes.source == "correspondence" and (topic == "offers" or group in {"partner", "sharing"}):
            return False
        if yes.how == "consent" or added or yes.preset != "notice":
            return yes.how == "consent"
        if yes.source in CUSTOMERS:
            return self.now - yes.at < 730 * DAY
        return yes.source == "mailing_list" and topic not in {"offers", "research"}


@dataclass
class Request:
    """Somebody asked to join by a form, or to be written to elsewhere (`mover` is the address they leave)."""

    who: str
    topics: tuple[str, ...]
    at: int
    mover: str = ""
    mailed: bool = False
    done: bool = False
    ended: bool = False


@dataclass
class Partner:
    """The partner: whom it was handed, which stops it must hear of, and the lists that told it."""

    since: int
    active: bool = True
    holds: set[str] = field(default_factory=set)
    duties: list[tuple[int, int]] = field(default_factory=list)
    lists: list[tuple[int, int, bool]] = field(default_factory=list)

    def hear(self, world: World, who: str, scopes: Collection[str]) -> None:
        """Who is in the partner's hands, by whatever spelling or former address, has stopped something of theirs."""
        known = {who, *world.people[who].former}
        close = {each for each in self.holds if each in known or family(each) == family(who)}
        if close and {*scopes} & {*above("partner:acme"), *above("sharing:acme")}:
            self.duties.append((world.now, world.number))

    def works(self, world: World) -> bool:
        """Whether they are active, told in time, and have answered in time (seven days each)."""
        late = world.now - 7 * DAY
        made = [each for each in self.lists if each[0] <= world.now]
        told = max((number for _, number, _ in made), default=0)
        untold = any(number > told and at <= late for at, number in self.duties)
        return self.active and self.since <= world.now and not untold and all(ack or at > late for at, _, ack in made)
