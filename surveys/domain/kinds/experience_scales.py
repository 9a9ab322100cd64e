"""Satisfaction (CSAT) and effort (CES): scales judged by the share of people at their good end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from core.language import gettext as _
from surveys.domain.kinds.rating_scale import Rating
from surveys.domain.questions import Flaw
from surveys.domain.tallies import Frequency, Tally, share_of


@dataclass(frozen=True, kw_only=True)
class Judged(Rating):
    """A rating of which the numbers from `good` upwards are counted together."""

    labels: ClassVar[Mapping[str, str]] = {**Rating.labels, "good": "Counts as good from"}
    top_label: ClassVar[str]

    good: int = 4

    def faults(self) -> Iterator[Flaw]:
        """A good end that is not on the scale."""
        yield from super().faults()
        if not 1 < self.good <= self.highest:
            yield _("“good” cannot be {number}.").format(number=self.good), _("Use 2 to “highest”.")

    def count(self, frequencies: Sequence[Frequency], base: float) -> Tally:
        """As for any scale, with the share of the good end."""
        counted = super().count(frequencies, base)
        good = sum(share.count for share in counted.shares if int(share.name) >= self.good)
        return replace(counted, top=share_of("top", self.top_label, good, base))


@dataclass(frozen=True, kw_only=True)
class Satisfaction(Judged):
    """How satisfied somebody is, 1 to 5; the score is the share of 4 and 5 (the top two boxes)."""

    kind: ClassVar[str] = "csat"
    title: ClassVar[str] = "Satisfaction (CSAT)"
    top_label: ClassVar[str] = "satisfied"

    low: str = "Very dissatisfied"
    high: str = "Very satisfied"


@dataclass(frozen=True, kw_only=True)
class Effort(Judged):
    """How far somebody agrees that it was made easy, 1 to 7 (CES 2.0: Dixon, Ponomareff, Turner and DeLisi 2013)."""

    kind: ClassVar[str] = "ces"
    title: ClassVar[str] = "Effort (CES)"
    top_label: ClassVar[str] = "found it easy"

    highest: int = 7
    good: int = 5
    low: str = "Strongly disagree"
    high: str = "Strongly agree"
