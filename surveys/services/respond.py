"""Answering: what an invitation's link shows, and what a press on a page stores; nothing is stored by looking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.errors import HeedfulError, NotFound
from core.language import gettext as _
from surveys.domain.answering import Step
from surveys.domain.turns import Turn, take_turn
from surveys.storage.answer_sheets import Link, Sheet, Standing, open_sheets
from surveys.storage.invitations import Left
from surveys.storage.pressed_pages import Writing, spare_those, write
from surveys.storage.pseudonyms import keep_under, kept_under, moment_kept, note_answered
from surveys.storage.responses import ResponseState, drop_response, response_to

LONGEST_LOOK = 3600.0
"""Seconds that a page was looked at, at most: whoever took longer was away."""


@dataclass(frozen=True, slots=True)
class Press:
    """One button pressed; `seconds` is how long its page was looked at, as far as the browser told."""

    link: Link
    turn: Turn
    seconds: float | None = None


@dataclass(frozen=True)
class Pressed:
    """What a press led to; `step` is None where nothing could be answered any more."""

    sheet: Sheet
    step: Step | None = None


def look(session: Session, link: Link, *, at: datetime) -> Sheet:
    """What the link of this invitation shows; reads only (G11).

    Raises:
        NotFound: the invitation is gone, for instance because its person was erased.
    """
    (sheet,) = open_sheets(session, [link], at.date())
    if sheet is None:
        raise _gone()
    return sheet


def _gone() -> HeedfulError:
    return NotFound(_("This invitation is no longer there."))


def press(session: Session, link: Link, turn: Turn, *, at: datetime) -> Pressed:
    """Store what a page holds and say where to go next; a completed response is never touched.

    Presses at the same moment wait for each other: the last one wins until the response is complete.

    Raises:
        NotFound: the invitation is gone.
    """
    (pressed,) = press_all(session, [Press(link, turn)], at=at)
    if isinstance(pressed, HeedfulError):
        raise pressed
    return pressed


def press_all(session: Session, presses: Sequence[Press], *, at: datetime) -> list[Pressed | HeedfulError]:
    """Answer everybody who pressed at this moment, each as if alone and one after another; what came of each."""
    said: dict[int, Pressed | HeedfulError] = {}
    while len(said) < len(presses):
        places: dict[int, int] = {}
        for place in range(len(presses)):
            if place not in said:
                places.setdefault(presses[place].link.invitation, place)
        said |= _one_each(session, {place: presses[place] for place in places.values()}, at)
    return [said[place] for place in range(len(presses))]


def _one_each(session: Session, presses: Mapping[int, Press], at: datetime) -> dict[int, Pressed | HeedfulError]:
    """One press of each of these people; of somebody who lost a race to begin a response nothing is said yet."""
    sheets = open_sheets(session, [each.link for each in presses.values()], at.date(), lock=True)
    said: dict[int, Pressed | HeedfulError] = {}
    writings: dict[int, Writing] = {}
    for (place, each), sheet in zip(presses.items(), sheets, strict=True):
        pressed = _taken(sheet, each)
        if isinstance(pressed, Pressed) and pressed.step is not None and not pressed.step.faults:
            pressed = _only_once(session, pressed)
        said[place] = pressed
        if isinstance(pressed, Pressed) and pressed.step is not None and not pressed.step.faults:
            writings[place] = _writing(session, pressed, each, at)
    for (place, writing), response in zip(writings.items(), write(session, list(writings.values())), strict=True):
        pressed = said[place]
        assert isinstance(pressed, Pressed)
        if response is None:
            del said[place]
        elif writing.response is None:
            said[place] = replace(pressed, sheet=replace(pressed.sheet, response=response))
    _settle(session, [each for each in said.values() if isinstance(each, Pressed) and each.step])
    return said


def _taken(sheet: Sheet | None, press: Press) -> Pressed | HeedfulError:
    if sheet is None:
        return _gone()
    if sheet.standing is not Standing.OPEN:
        return Pressed(sheet)
    assert sheet.definition is not None
    return Pressed(sheet, take_turn(sheet.definition, sheet.answers, press.turn, sheet.setting))


def _only_once(session: Session, pressed: Pressed) -> Pressed:
    """Complete nothing for an invitation that was answered already under a pseudonym."""
    sheet, step = pressed.sheet, pressed.step
    if step and step.complete and not note_answered(session, sheet.survey, sheet.invitation, sheet.link.veil):
        return Pressed(replace(sheet, standing=Standing.DONE))
    return pressed


def _writing(session: Session, pressed: Pressed, press: Press, at: datetime) -> Writing:
    sheet, step = pressed.sheet, pressed.step
    assert step is not None
    survey, response = sheet.survey, sheet.response
    kept = response.invitation_id if response else keep_under(session, survey, sheet.invitation, sheet.link.veil, at=at)
    return Writing(
        kept=kept,
        survey_id=survey.id,
        version=sheet.version,
        response=response,
        began=moment_kept(survey, at),
        columns=_columns(sheet, step, press, at),
        changed=step.changed,
        before=sheet.answers,
        only=step.answers if step.complete else None,
    )


def _columns(sheet: Sheet, step: Step, press: Press, at: datetime) -> dict[str, Any]:
    """What the response itself keeps of a press."""
    columns: dict[str, Any] = {"page": step.page, "seed": sheet.seed, "language": sheet.language}
    if press.seconds is not None and not sheet.anonymous:
        pace = dict(sheet.response.pace or {}) if sheet.response else {}
        seconds = pace.get(press.turn.page, 0.0) + min(max(press.seconds, 0.0), LONGEST_LOOK)
        columns["pace"] = {**pace, press.turn.page: round(seconds, 1)}
    if step.complete:
        columns |= {"state": ResponseState.COMPLETE.value, "completed_at": moment_kept(sheet.survey, at)}
        columns |= {"ending": step.ending, "shown": step.road.shown() if step.road else None}
    return columns


def _settle(session: Session, pressed: Sequence[Pressed]) -> None:
    """What follows for the invitations; of an anonymous survey nothing of theirs is touched beside their answers."""
    stored = [each for each in pressed if each.step and not each.step.faults and not each.sheet.anonymous]
    for each in stored:
        if each.sheet.invitation.declined_at is not None:
            each.sheet.invitation.declined_at = None
    answered = [each.sheet.invitation for each in stored if each.step and each.step.complete]
    if answered:
        spare_those(session, answered, Left.ANSWERED)
    session.flush()


def decline(session: Session, link: Link, *, at: datetime) -> Sheet:
    """Note that somebody does not want to take part: no reminder follows, and what they had begun is dropped."""
    sheet = look(session, link, at=at)
    if sheet.standing not in {Standing.OPEN, Standing.NOT_YET}:
        return sheet
    kept = kept_under(session, sheet.survey, sheet.invitation, link.veil)
    response = response_to(session, kept, lock=True) if kept else None
    if response is not None and response.done:
        return replace(sheet, standing=Standing.DONE)
    if response is not None:
        drop_response(session, response)
    sheet.invitation.declined_at = at
    spare_those(session, [sheet.invitation], Left.DECLINED)
    return sheet
