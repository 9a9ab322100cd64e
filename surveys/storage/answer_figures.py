"""The responses that results are about: through a filter, weighted where that is asked; for every page of results."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.storage.contacts import Contact
from contacts.storage.segments import meets, segment_named
from surveys.domain.anonymity import Anonymity
from surveys.domain.answer_counts import Selected, mass_in
from surveys.domain.answer_filters import AnswerFilter, read_filter
from surveys.domain.definitions import Survey as Definition
from surveys.domain.lenses import Lens
from surveys.domain.packed_answers import Sheet, both
from surveys.domain.questions import Question
from surveys.domain.statistics.masses import Mass
from surveys.domain.statistics.populations import correction
from surveys.domain.succession import asked_ever
from surveys.domain.suppression import may_be_shown
from surveys.domain.weighting_plans import Weighed, plan_of, weigh
from surveys.storage.answer_packs import FACTS, PACE, sheets
from surveys.storage.invitations import Invitation
from surveys.storage.responses import Response
from surveys.storage.surveys import Survey, all_published, screening_ends
from surveys.storage.weightings import weighting_of


@dataclass(frozen=True)
class Asked:
    """What a survey asks or ever asked: each question in its newest wording, and whether it is asked still."""

    versions: Sequence[Definition]
    questions: Mapping[str, tuple[Question, bool]]

    @property
    def by_name(self) -> dict[str, Question]:
        """Questions by their names."""
        return {name: question for name, (question, _current) in self.questions.items()}


@dataclass(frozen=True)
class Looked:
    """The responses looked at: `size` of `everybody` who completed and was meant to be asked (`screened` were not).

    `withheld`: of anonymous answers these are so few, or all but so few, that nothing of them is told.
    """

    asked: Asked
    chosen: AnswerFilter
    selected: Sequence[Selected]
    weighed: Weighed | None
    population: int | None
    size: int
    everybody: int
    screened: int
    anonymous: bool

    @property
    def withheld(self) -> bool:
        """Say whether nothing of them may be told."""
        return self.anonymous and bool(self.everybody) and not may_be_shown(self.size, self.everybody)

    @property
    def mass(self) -> Mass:
        """What they weigh."""
        classes: Counter[int] = Counter()
        for each in self.selected:
            classes.update(each.by_class(b"\1" * each.sheet.size))
        return mass_in(classes, self.weights)

    @property
    def weights(self) -> Sequence[float]:
        """The weight of each class of responses."""
        return self.weighed.factors if self.weighed else (1.0,)


def asked_by(session: Session, survey: Survey) -> Asked:
    """Everything that was asked in any published version."""
    versions = all_published(session, survey)
    found = {question.name: (question, now) for question, now in asked_ever(versions) if question.answerable}
    return Asked(versions, found)


def look(
    session: Session, survey: Survey, lens: Lens, *, at: datetime, questions: Collection[str] | None = None
) -> Looked:
    """Find the responses; only these questions are read, or all, and the time that each page took.

    Raises:
        BadInput: a condition of the filter means nothing here, the weights cannot be fitted, or more people answered
            than the population has.
    """
    asked = asked_by(session, survey)
    told_apart = survey.mode is Anonymity.IDENTIFIED
    chosen = read_filter(lens.where, asked.by_name, segments=told_apart, newest=survey.version)
    kept = weighting_of(session, survey.id) if lens.weighted is not False else None
    plan = plan_of(kept) if kept else None
    wanted = {*asked.questions, PACE} if questions is None else set(questions)
    wanted |= chosen.questions | set(plan.questions if plan else ())
    out = screening_ends(session, survey)
    whole = [_meant(sheet, out) for sheet in sheets(session, survey, wanted)]
    members = {name: _members(session, survey, name, at) for name in chosen.segments}
    weighed = weigh(plan, [_only(sheet, mask) for sheet, mask in whole]) if plan else None
    selected = []
    for sheet, meant in whole:
        masks = [mask for mask in (meant, chosen.mask(sheet, members)) if mask is not None]
        mask = both(masks)
        selected.append(weighed.select(sheet, mask) if weighed else Selected(sheet, mask))
    size = sum(_size(each.sheet, each.mask) for each in selected)
    correction(size, lens.population)
    everybody = sum(_size(sheet, mask) for sheet, mask in whole)
    screened = sum(sheet.size for sheet, _mask in whole) - everybody
    anonymous = survey.mode is Anonymity.ANONYMOUS
    return Looked(asked, chosen, selected, weighed, lens.population, size, everybody, screened, anonymous)


def _size(sheet: Sheet, mask: bytes | None) -> int:
    return sheet.size if mask is None else mask.count(1)


def _meant(sheet: Sheet, out: Collection[str]) -> tuple[Sheet, bytes | None]:
    """The sheet, and who of it was meant to be asked: not who was screened out or came after a quota was full."""
    endings, quotas = sheet.column(FACTS, "ending"), sheet.column(FACTS, "quota")
    if len(endings.seen) == 1 and len(quotas.seen) == 1:
        return sheet, None
    kept = endings.mask(lambda parts: not parts or parts[0][0] not in out), quotas.mask(lambda parts: not parts)
    return sheet, both(kept)


def _only(sheet: Sheet, mask: bytes | None) -> Sheet:
    """The responses of the mask alone."""
    if mask is None:
        return sheet
    return Sheet(
        [number for number, kept in zip(sheet.ids, mask, strict=True) if kept],
        {key: column.only(mask) for key, column in sheet.columns.items()},
    )


def _members(session: Session, survey: Survey, name: str, at: datetime) -> frozenset[int]:
    """The responses of the people whom a segment means now."""
    condition = segment_named(session, name).condition
    query = (
        select(Response.id)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .join(Contact, Contact.address_key == Invitation.address_key)
        .where(Response.survey_id == survey.id, meets(condition, at=at))
    )
    return frozenset(session.scalars(query))
