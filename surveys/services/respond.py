"""Answering: what an invitation's link shows, and what a press on a page stores; nothing is stored by looking."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contacts.domain.ages import AGE_LIMIT
from core.errors import HeedfulError, NotFound
from core.language import gettext as _
from surveys.domain.answering import Step
from surveys.domain.early_ends import decided
from surveys.domain.machine_answers import Sign, signs_of_delivery, signs_of_pace, written
from surveys.domain.quotas import full_quota
from surveys.domain.turns import Act, Turn, take_turn
from surveys.domain.young_answers import tells_a_child
from surveys.storage.answer_sheets import Link, Sheet, Standing, open_sheets
from surveys.storage.children import turn_child_away
from surveys.storage.glances import glance
from surveys.storage.invitations import Left
from surveys.storage.pressed_pages import Writing, handed_over, spare_those, write
from surveys.storage.pseudonyms import keep_under, kept_under, moment_kept, note_answered
from surveys.storage.quota_counts import QuotaRoom
from surveys.storage.responses import ResponseState, drop_response, response_to

LONGEST_LOOK = 3600.0
"""Seconds that a page was looked at, at most: whoever took longer was away."""


@dataclass(frozen=True, slots=True)
class Press:
    """One button pressed; `seconds` is how long its page was looked at, as far as the browser told.

    Whoever is younger than `child_age` years is a child; `signs` is what in the request looks like a machine's.
    """

    link: Link
    turn: Turn
    seconds: float | None = None
    child_age: int = AGE_LIMIT
    signs: frozenset[Sign] = frozenset()


@dataclass(frozen=True)
class Pressed:
    """What a press led to; `step` is None where nothing could be answered any more, `quota` one that was full."""

    sheet: Sheet
    step: Step | None = None
    quota: str = ""

    @property
    def stored(self) -> Step | None:
        """The step, if it is one that changes anything."""
        return self.step if self.step is not None and not self.step.faults else None

    @property
    def begins(self) -> bool:
        """Say whether a response with a person's name to it begins here."""
        return self.stored is not None and self.sheet.response is None and not self.sheet.anonymous


def look(session: Session, link: Link, *, at: datetime) -> Sheet:
    """What the link of this invitation shows; reads only (G11).

    Raises:
        NotFound: the invitation is gone, for instance because its person was erased.
    """
    return _there(glance(session, link, at.date()))


def _there(sheet: Sheet | None) -> Sheet:
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
    taken = {place: _taken(sheet, each) for (place, each), sheet in zip(presses.items(), sheets, strict=True)}
    pressed = {place: each for place, each in taken.items() if isinstance(each, Pressed)}
    pressed = {place: _but_no_child(session, each, presses[place], at) for place, each in pressed.items()}
    onwards = {place for place in pressed if presses[place].turn.act is Act.NEXT}
    pressed = _within_quotas(session, pressed, onwards)
    mailed = handed_over(session, [each.sheet.invitation for each in pressed.values() if each.begins])
    writings = {
        place: _writing(session, each, presses[place], at, mailed)
        for place, each in pressed.items()
        if each.stored and _says_something(each, presses[place])
    }
    for place, response in zip(writings, write(session, list(writings.values())), strict=True):
        if response is None:
            del pressed[place], taken[place]
        elif pressed[place].sheet.response is None:
            pressed[place] = replace(pressed[place], sheet=replace(pressed[place].sheet, response=response))
    _settle(session, [each for each in pressed.values() if each.stored])
    return {**taken, **pressed}


def _taken(sheet: Sheet | None, press: Press) -> Pressed | HeedfulError:
    if sheet is None:
        return _gone()
    if sheet.standing is not Standing.OPEN:
        return Pressed(sheet)
    assert sheet.definition is not None
    return Pressed(sheet, take_turn(sheet.definition, sheet.answers, press.turn, sheet.setting))


def _but_no_child(session: Session, pressed: Pressed, press: Press, at: datetime) -> Pressed:
    """End the survey for somebody whose answer tells of a child, and keep nothing but the block (G13)."""
    sheet, step = pressed.sheet, pressed.stored
    if not step or not sheet.definition:
        return pressed
    if not tells_a_child(sheet.definition.by_name, step.changed, at, press.child_age):
        return pressed
    if press.turn.act is Act.STAY:  # somebody may still be typing their year of birth
        return replace(pressed, step=replace(step, changed={}))
    turn_child_away(session, sheet.survey, sheet.invitation, sheet.response, at=at)
    return Pressed(replace(sheet, standing=Standing.NOT_FOR_YOU, definition=None, response=None))


def _within_quotas(session: Session, pressed: Mapping[int, Pressed], onwards: Collection[int]) -> dict[int, Pressed]:
    """Turn away whoever goes on and would be one too many, in the order of arrival; and whoever answered already."""
    steps = [(pressed[place].sheet, pressed[place].stored) for place in onwards]
    asked = [(sheet, step) for sheet, step in steps if step and sheet.definition and sheet.definition.quotas]
    room = QuotaRoom(
        session,
        completing={(sheet.survey.id, name) for sheet, step in asked if step.complete for name in _counting(step)},
        going_on={sheet.survey.id for sheet, step in asked if not step.complete},
    )
    found = dict(pressed)
    for place in sorted(onwards):
        found[place] = _only_once(session, _turned_away(pressed[place], room), room)
    room.store()
    return found


def _counting(step: Step) -> tuple[str, ...]:
    return step.road.quotas if step.road else ()


def _turned_away(pressed: Pressed, room: QuotaRoom) -> Pressed:
    """The same, or the end of a quota that is full already."""
    definition, step = pressed.sheet.definition, pressed.stored
    if not definition or not definition.quotas or step is None or step.road is None or step.ending:
        return pressed
    counting = step.road.quotas if step.complete else decided(definition, step.road)
    full = full_quota(definition, counting, room.completed(pressed.sheet.survey.id))
    if full is None:
        return pressed
    step = replace(step, answers=step.road.answers, page="", complete=True, ending=full.end)
    return replace(pressed, step=step, quota=full.name)


def _only_once(session: Session, pressed: Pressed, room: QuotaRoom) -> Pressed:
    """Complete nothing for an invitation that was answered already under a pseudonym."""
    sheet, step = pressed.sheet, pressed.stored
    if step is None or not step.complete:
        return pressed
    if not note_answered(session, sheet.survey, sheet.invitation, sheet.link.veil):
        return Pressed(replace(sheet, standing=Standing.DONE))
    if not pressed.quota:
        room.take(sheet.survey.id, _counting(step))
    return pressed


def _says_something(pressed: Pressed, press: Press) -> bool:
    """Choosing a language before the first answer begins no response."""
    step = pressed.stored
    return (
        press.turn.act is not Act.STAY
        or pressed.sheet.response is not None
        or any(((step and step.changed) or {}).values())
    )


def _writing(session: Session, pressed: Pressed, press: Press, at: datetime, mailed: Mapping[int, datetime]) -> Writing:
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
        columns=_columns(pressed, step, press, at) | _signs(pressed, press, at, mailed.get(sheet.invitation.id)),
        changed=step.changed,
        before=sheet.answers,
        only=step.answers if step.complete else None,
    )


def _columns(pressed: Pressed, step: Step, press: Press, at: datetime) -> dict[str, Any]:
    """What the response itself keeps of a press."""
    sheet = pressed.sheet
    columns: dict[str, Any] = {"page": step.page, "seed": sheet.seed, "language": sheet.language}
    if press.seconds is not None and not sheet.anonymous:
        pace = dict(sheet.response.pace or {}) if sheet.response else {}
        seconds = pace.get(press.turn.page, 0.0) + min(max(press.seconds, 0.0), LONGEST_LOOK)
        columns["pace"] = {**pace, press.turn.page: round(seconds, 1)}
    if step.complete:
        columns |= {"state": ResponseState.COMPLETE.value, "completed_at": moment_kept(sheet.survey, at)}
        columns |= {"ending": step.ending, "quota": pressed.quota, "shown": step.road.shown() if step.road else None}
    return columns


def _signs(pressed: Pressed, press: Press, at: datetime, mailed: datetime | None) -> dict[str, Any]:
    """The label of what behaves like a machine; nothing of it is kept of somebody who must not be recognised."""
    sheet = pressed.sheet
    stop = pressed.step.road.stop(press.turn.page) if pressed.step and pressed.step.road else None
    asked = [question for question in stop.questions if question.answerable] if stop else []
    found = press.signs | signs_of_pace(press.seconds, len(asked)) | signs_of_delivery(at, mailed)
    if sheet.anonymous or not found:
        return {}
    return {"signs": written(found, sheet.response.signs if sheet.response else "")}


def _settle(session: Session, pressed: Sequence[Pressed]) -> None:
    """What follows for the invitations; of an anonymous survey nothing of theirs is touched beside their answers."""
    stored = [each for each in pressed if not each.sheet.anonymous]
    for each in stored:
        if each.sheet.invitation.declined_at is not None:
            each.sheet.invitation.declined_at = None
    answered = [each.sheet.invitation for each in stored if each.step and each.step.complete]
    if answered:
        spare_those(session, answered, Left.ANSWERED)
    session.flush()


def decline(session: Session, link: Link, *, at: datetime) -> Sheet:
    """Note that somebody does not want to take part: no reminder follows, and what they had begun is dropped."""
    (found,) = open_sheets(session, [link], at.date())
    sheet = _there(found)
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
