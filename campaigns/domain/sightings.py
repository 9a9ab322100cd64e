"""Sightings: what one sender sees of servers and mailbox providers between two beats; who rests, and who did well."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from campaigns.domain.providers import provider_of
from campaigns.domain.rests import OF_PROVIDERS, OF_RELAYS, Patience, Rest
from campaigns.domain.smtp_replies import Meant

FEW = 4
"""Who refuses less than one in so many has trouble with one line, or one mailbox, and not with us."""
FORGOTTEN_AFTER = 3600.0
"""Seconds after a rest when it is forgotten that there was one."""


@dataclass(slots=True)
class Seen:
    """What came of the messages that one server, or one provider, was given since the last beat."""

    good: int = 0
    bad: int = 0
    rested: bool = False
    said: str = ""

    def add(self, other: "Seen") -> None:
        """The same of a time just after."""
        self.good += other.good
        self.bad += other.bad
        self.rested |= other.rested
        self.said = other.said or self.said


@dataclass
class Company:
    """Servers, or providers: who rests, and what was seen of each since the last beat."""

    patience: Patience
    rests: dict[str, Rest] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)

    def good(self, name: str) -> None:
        """It took a message, or judged it."""
        self._of(name).good += 1

    def bad(self, name: str, said: str, now: float, chance: float) -> None:
        """It was not there, or wants less; it rests, unless it takes most of what it is given."""
        seen = self._of(name)
        seen.bad += 1
        seen.said = said
        if seen.bad * FEW >= seen.good:
            self.rests.setdefault(name, Rest()).miss(now, chance, self.patience, said)
            seen.rested = True

    def _of(self, name: str) -> Seen:
        seen = self.seen.get(name)
        if seen is None:
            seen = self.seen[name] = Seen()
        return seen

    def wait(self, name: str, now: float) -> float:
        """For how many seconds it is still left alone."""
        rest = self.rests.get(name)
        return max(rest.until - now, 0.0) if rest else 0.0

    def turn_over(self, now: float) -> dict[str, Seen]:
        """What was seen since the last beat; who did well is forgiven a part, who is long forgotten is let go."""
        seen, self.seen = self.seen, {}
        self.rests = {name: rest for name, rest in self.rests.items() if rest.is_on(now) or _is_held_against(rest, now)}
        for name, each in seen.items():
            if each.good and not each.bad and name in self.rests and not self.rests[name].is_on(now):
                self.rests[name].hit()
        return seen


def _is_held_against(rest: Rest, now: float) -> bool:
    return rest.misses > 0 and rest.until > now - FORGOTTEN_AFTER


class Sightings:
    """All that one sender saw; told from the loop, read and kept from its threads."""

    def __init__(self, ticks: Callable[[], float], chance: Callable[[], float]) -> None:
        self.ticks = ticks
        self.chance = chance
        self.relays = Company(OF_RELAYS)
        self.providers = Company(OF_PROVIDERS)
        self.lock = Lock()

    def note(self, relay: str, address: str, meant: Meant, said: str = "") -> None:
        """Take note of what came of one message; `said`: the reply, if it was a refusal."""
        now = self.ticks()
        with self.lock:
            if meant is Meant.RELAY:
                self.relays.bad(relay, said, now, self.chance())
                return
            self.relays.good(relay)
            if meant is Meant.DOMAIN:
                self.providers.bad(provider_of(address), said, now, self.chance())
            else:
                self.providers.good(provider_of(address))
