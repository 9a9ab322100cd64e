"""Sheets: what the links of invitations lead to now, for one person or for everybody who presses at this moment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Dialect, select
from sqlalchemy.orm import Session

from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import Block
from contacts.storage.contacts import Contact
from core.kept import Kept, among
from surveys.domain.anonymity import Anonymity
from surveys.domain.branching import Path, Setting, Stop, nearest, path
from surveys.domain.cells import Answers, Cell, Cells
from surveys.domain.definitions import Survey as Definition
from surveys.domain.translations import languages_of
from surveys.domain.turns import REVIEW
from surveys.storage.definitions_kept import fields_of, known_version
from surveys.storage.invitations import NOBODY, Invitation
from surveys.storage.pseudonyms import BARE, Veil, has_answered, kept_under
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey, SurveyState, get_survey

NEVER_ASKED = (BlockReason.CHILD.value, BlockReason.ERASURE.value)


class Standing(StrEnum):
    """What a link leads to now."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    DONE = "done"
    NOT_FOR_YOU = "not_for_you"


@dataclass(frozen=True, slots=True)
class Link:
    """What a request brings along: the invitation, and what its form was made from if nothing is stored yet.

    `version`, `seed` and `language` count only as far as the response does not say otherwise.
    """

    invitation: int
    version: int = 0
    seed: int = 0
    language: str = ""
    veil: Veil = BARE


@dataclass(frozen=True)
class Sheet:
    """One person's view of a survey; `definition` is None where nothing may be asked or shown."""

    standing: Standing
    invitation: Invitation
    survey: Survey
    link: Link
    definition: Definition | None = None
    version: int = 0
    response: Response | None = None
    answers: Answers = field(default_factory=dict)
    contact: Mapping[str, str | float] = field(default_factory=dict)
    today: date | None = None

    @property
    def anonymous(self) -> bool:
        """Say whether nothing here may stand beside the person (G14)."""
        return self.survey.mode is Anonymity.ANONYMOUS

    @property
    def pseudonym(self) -> int:
        """What the address of the form has to bring along, for no table does; 0 where nothing has to be."""
        kept = self.response.invitation_id if self.anonymous and self.response else 0
        return kept if kept != self.invitation.id else 0

    @property
    def seed(self) -> int:
        """The number that decides this person's chances."""
        return self.response.seed if self.response else self.link.seed

    @cached_property
    def language(self) -> str:
        """The language of the form: the chosen one, or the one of the invitation; else the survey's own."""
        assert self.definition is not None
        known = languages_of(self.definition)
        wishes = (self.link.language, self.response.language if self.response else "", self.invitation.language)
        tags = (tag for wish in wishes if wish for tag in (wish, wish.replace("_", "-").partition("-")[0]))
        return next((tag for tag in tags if tag in known), self.definition.language)

    @cached_property
    def setting(self) -> Setting:
        """What the path depends on beside the answers."""
        return Setting(seed=self.seed, contact=self.contact, language=self.language, today=self.today)

    @cached_property
    def road(self) -> Path:
        """The pages that this person sees."""
        assert self.definition is not None
        return path(self.definition, self.answers, self.setting)

    def reviewing(self, wanted: str) -> bool:
        """Say whether all answers are to be shown before they are sent."""
        assert self.definition is not None
        page = wanted or (self.response.page if self.response else "")
        return page == REVIEW and self.definition.review and self.road.first_owing() is None

    def stop(self, wanted: str) -> Stop:
        """The page to show: the wanted one, or the one to go on with, never beyond one that lacks an answer."""
        assert self.definition is not None
        road = self.road
        page = wanted or (self.response.page if self.response else "")
        stop = road.stops[-1] if page == REVIEW else nearest(self.definition, road, page)
        owing = road.first_owing()
        names = [each.name for each in road.stops]
        return owing if owing and names.index(owing.name) < names.index(stop.name) else stop


def open_sheets(session: Session, links: Sequence[Link], today: date, *, lock: bool = False) -> list[Sheet | None]:
    """What each of these links leads to, None where the invitation is gone; reads only (G11).

    With `lock` nobody else changes the responses until the end of the transaction. They are locked in the order of
    their numbers, so that two who lock several wait for each other and never in a circle.
    """
    return _Reader(session, links, today, lock=lock).sheets()


class _Reader:
    """Reads for all links at once what can be read at once."""

    def __init__(self, session: Session, links: Sequence[Link], today: date, *, lock: bool) -> None:
        self._session, self._links, self._today = session, links, today
        wanted = {link.invitation for link in links}
        rows = session.scalars(select(Invitation).where(Invitation.id.in_(wanted)))
        self._invitations = {each.id: each for each in rows}
        self._surveys = {
            number: get_survey(session, number) for number in {each.survey_id for each in self._invitations.values()}
        }
        self._closed = _closed_to(session, {each.address_key for each in self._invitations.values()})
        self._kept = [self._kept_under(link) for link in links]
        self._responses = self._read_responses({each for each in self._kept if each}, lock=lock)
        open_ones = [each.id for each in self._responses.values() if not each.done]
        self._answers = answers_among(session, open_ones)

    def sheets(self) -> list[Sheet | None]:
        return [self._sheet(link, kept or 0) for link, kept in zip(self._links, self._kept, strict=True)]

    def _survey(self, link: Link) -> Survey | None:
        invitation = self._invitations.get(link.invitation)
        survey = self._surveys[invitation.survey_id] if invitation else None
        astray = survey and link.veil.pseudonym and survey.mode is not Anonymity.ANONYMOUS
        return None if astray else survey

    def _kept_under(self, link: Link) -> int | None:
        survey = self._survey(link)
        return kept_under(self._session, survey, self._invitations[link.invitation], link.veil) if survey else None

    def _read_responses(self, kept: Collection[int], *, lock: bool) -> Mapping[int, Response]:
        query = select(Response).where(Response.invitation_id.in_(kept)).order_by(Response.id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return {each.invitation_id: each for each in self._session.scalars(query)} if kept else {}

    def _sheet(self, link: Link, kept: int) -> Sheet | None:
        survey = self._survey(link)
        if survey is None:
            return None
        invitation = self._invitations[link.invitation]
        response = self._responses.get(kept)
        answers = self._answers.get(response.id, {}) if response else {}
        bare = Sheet(Standing.OPEN, invitation, survey, link, response=response, answers=answers, today=self._today)
        return judged(self._session, bare, closed=invitation.address_key in self._closed)


def judged(session: Session, sheet: Sheet, *, closed: bool) -> Sheet:
    """The sheet with its standing and what it asks; `closed`: nobody may be asked under this address any more."""
    survey, invitation, response = sheet.survey, sheet.invitation, sheet.response
    if closed:
        return replace(sheet, standing=Standing.NOT_FOR_YOU, response=None, answers={})
    if survey.version == 0:
        return replace(sheet, standing=Standing.NOT_YET, response=None, answers={})
    number = response.version if response else _published_number(survey, sheet.link.version)
    known = known_version(session, survey, number)
    done = has_answered(session, survey, invitation, sheet.link.veil)
    return replace(
        sheet,
        standing=Standing.DONE if done else _standing(survey, response),
        definition=known.definition,
        version=number,
        contact=_fields(session, survey, invitation) if known.asks_contact else {},
    )


def _fields(session: Session, survey: Survey, invitation: Invitation) -> Mapping[str, str | float]:
    """Of who answers an anonymous survey nothing is known: what a path shows would tell it (G14)."""
    if survey.mode is Anonymity.ANONYMOUS or invitation.contact_id == NOBODY:
        return {}
    return fields_of(session.get(Contact, invitation.contact_id))


def _closed_to(session: Session, keys: Collection[bytes]) -> set[bytes]:
    """A form reached by a child, or by who was erased, stores nothing but the block (G13)."""
    blocked = select(Block.address_key).where(Block.address_key.in_(keys), Block.reason.in_(NEVER_ASKED))
    return {bytes(key) for key in session.scalars(blocked)}


def _published_number(survey: Survey, version: int) -> int:
    return version if 0 < version <= survey.version else survey.version


def _standing(survey: Survey, response: Response | None) -> Standing:
    if response is not None and response.done:
        return Standing.DONE
    if survey.stage is SurveyState.OPEN:
        return Standing.OPEN
    return Standing.CLOSED if survey.stage is SurveyState.CLOSED else Standing.NOT_YET


def answers_among(session: Session, responses: Collection[int]) -> dict[int, dict[str, Cells]]:
    """The stored answers of these responses."""
    found: dict[int, dict[str, Cells]] = {}
    if not responses:
        return found
    rows: Sequence[Any] = _stored_cells(session.get_bind().dialect).rows(session, {"responses": [*responses]})
    for number, question, *cell in rows:
        own = found.setdefault(number, {})
        own[question] = (*own.get(question, ()), Cell(*cell))
    return found


@lru_cache(maxsize=8)
def _stored_cells(dialect: Dialect) -> Kept:
    columns: list[Any] = [
        getattr(Answer, name) for name in ("response_id", "question", "row", "value", "number", "text")
    ]
    own = Answer.response_id
    return Kept(select(*columns).where(among(own, "responses", dialect)).order_by(*columns[:4]), ["responses"], dialect)
