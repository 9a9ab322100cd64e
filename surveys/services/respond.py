"""Answering: what an invitation's link shows, and what a press on a page stores; nothing is stored by looking."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from contacts.domain.verdicts import BlockReason
from contacts.storage.blocks import blocks_of
from core.errors import NotFound
from core.language import gettext as _
from surveys.domain.anonymity import Anonymity
from surveys.domain.answering import Go, Step, advance
from surveys.domain.branching import Path, Stop, nearest, path
from surveys.domain.cells import Answers, Posted
from surveys.domain.definitions import Survey as Definition
from surveys.storage.invitations import Invitation, Left, invitation_numbered, spare
from surveys.storage.pseudonyms import BARE, Veil, has_answered, keep_under, kept_under, moment_kept, note_answered
from surveys.storage.responses import (
    Response,
    ResponseState,
    answers_of,
    begin_response,
    drop_response,
    keep_only,
    response_to,
    store_answers,
)
from surveys.storage.surveys import Survey, SurveyState, get_survey, published

_NEVER_ASKED = frozenset({BlockReason.CHILD.value, BlockReason.ERASURE.value})


class Standing(StrEnum):
    """What a link leads to now."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    DONE = "done"
    NOT_FOR_YOU = "not_for_you"


@dataclass(frozen=True)
class Sheet:
    """One person's view of a survey; `definition` is None where nothing may be asked or shown."""

    standing: Standing
    invitation: Invitation
    survey: Survey
    definition: Definition | None = None
    version: int = 0
    response: Response | None = None
    answers: Answers | None = None
    veil: Veil = BARE

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
    def road(self) -> Path:
        """The pages that this person sees."""
        assert self.definition is not None
        return path(self.definition, self.answers or {})

    def stop(self, wanted: str) -> Stop:
        """The page to show: the wanted one, or the one to go on with, never beyond one that lacks an answer."""
        assert self.definition is not None
        road = self.road
        stop = nearest(self.definition, road, wanted or (self.response.page if self.response else ""))
        owing = road.first_owing()
        names = [each.name for each in road.stops]
        return owing if owing and names.index(owing.name) < names.index(stop.name) else stop


@dataclass(frozen=True)
class Pressed:
    """What a press led to; `step` is None where nothing could be answered any more."""

    sheet: Sheet
    step: Step | None = None


def look(session: Session, invitation_id: int, *, version: int = 0, veil: Veil = BARE) -> Sheet:
    """What the link of this invitation shows; reads only (G11).

    Args:
        session: any.
        invitation_id: from the link.
        version: what a form not yet answered was made from, if it was published.
        veil: from the link, where answers are kept apart from the invitation.

    Raises:
        NotFound: the invitation is gone, for instance because its person was erased.
    """
    invitation = invitation_numbered(session, invitation_id)
    if invitation is None:
        raise NotFound(_("This invitation is no longer there."))
    survey = get_survey(session, invitation.survey_id)
    if veil.pseudonym and survey.mode is not Anonymity.ANONYMOUS:
        raise NotFound(_("This link is not complete."))
    if _is_closed_to(session, invitation):
        return Sheet(Standing.NOT_FOR_YOU, invitation, survey)
    kept = kept_under(session, survey, invitation, veil)
    response = response_to(session, kept) if kept else None
    if survey.version == 0:
        return Sheet(Standing.NOT_YET, invitation, survey)
    number = response.version if response else _published_number(survey, version)
    done = has_answered(session, survey, invitation, veil)
    standing = Standing.DONE if done else _standing(survey, response)
    definition = published(session, survey, number)
    answers = answers_of(session, response.id) if response and standing is Standing.OPEN else {}
    return Sheet(standing, invitation, survey, definition, number, response, answers, veil)


def _is_closed_to(session: Session, invitation: Invitation) -> bool:
    """A form reached by a child, or by who was erased, stores nothing but the block (G13)."""
    return any(block.reason in _NEVER_ASKED for block in blocks_of(session, invitation.address_key))


def _published_number(survey: Survey, version: int) -> int:
    return version if 0 < version <= survey.version else survey.version


def _standing(survey: Survey, response: Response | None) -> Standing:
    if response is not None and response.done:
        return Standing.DONE
    if survey.stage is SurveyState.OPEN:
        return Standing.OPEN
    return Standing.CLOSED if survey.stage is SurveyState.CLOSED else Standing.NOT_YET


def press(
    session: Session,
    invitation_id: int,
    page: str,
    posted: Posted,
    go: Go,
    *,
    at: datetime,
    version: int = 0,
    veil: Veil = BARE,
) -> Pressed:
    """Store what a page holds and say where to go next; a completed response is never touched.

    Presses at the same moment wait for each other: the last one wins until the response is complete.
    """
    sheet = look(session, invitation_id, version=version, veil=veil)
    if sheet.standing is not Standing.OPEN:
        return Pressed(sheet)
    assert sheet.definition is not None
    step = advance(sheet.definition, sheet.answers or {}, page, posted, go)
    if step.faults:
        return Pressed(sheet, step)
    sheet = _locked(session, sheet, at)
    if sheet.standing is Standing.DONE:
        return Pressed(sheet)
    assert sheet.definition is not None
    step = advance(sheet.definition, sheet.answers or {}, page, posted, go)
    if step.complete and not note_answered(session, sheet.survey, sheet.invitation, veil):
        return Pressed(replace(sheet, standing=Standing.DONE))
    if not step.faults:
        _store(session, sheet, step, at)
    return Pressed(sheet, step)


def _locked(session: Session, sheet: Sheet, at: datetime) -> Sheet:
    """The sheet with its response begun and locked, as it is now that nobody else can press."""
    survey = sheet.survey
    kept = keep_under(session, survey, sheet.invitation, sheet.veil, at=at)
    response = begin_response(session, kept, survey.id, sheet.version, moment_kept(survey, at))
    session.refresh(response)
    standing = Standing.DONE if response.done else sheet.standing
    definition = published(session, sheet.survey, response.version)
    answers = answers_of(session, response.id)
    return replace(sheet, standing=standing, definition=definition, response=response, answers=answers)


def _store(session: Session, sheet: Sheet, step: Step, at: datetime) -> None:
    response = sheet.response
    assert response is not None
    store_answers(session, response.id, step.changed)
    response.page = step.page
    if step.complete:
        keep_only(session, response.id, step.answers)
        response.state, response.completed_at = ResponseState.COMPLETE.value, moment_kept(sheet.survey, at)
    if not sheet.anonymous:  # else nothing of theirs is touched beside their answers
        sheet.invitation.declined_at = None
        if step.complete:
            spare(session, sheet.invitation, Left.ANSWERED)
    session.flush()


def decline(session: Session, invitation_id: int, *, at: datetime, veil: Veil = BARE) -> Sheet:
    """Note that somebody does not want to take part: no reminder follows, and what they had begun is dropped."""
    sheet = look(session, invitation_id, veil=veil)
    if sheet.standing not in {Standing.OPEN, Standing.NOT_YET}:
        return sheet
    kept = kept_under(session, sheet.survey, sheet.invitation, veil)
    response = response_to(session, kept, lock=True) if kept else None
    if response is not None and response.done:
        return replace(sheet, standing=Standing.DONE)
    if response is not None:
        drop_response(session, response)
    sheet.invitation.declined_at = at
    spare(session, sheet.invitation, Left.DECLINED)
    session.flush()
    return sheet
