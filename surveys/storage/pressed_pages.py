"""Presses: what buttons of the form change in the database, for everybody who pressed at the same moment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from campaigns.domain.states import MessageState
from campaigns.storage.messages import PLANNED, Message
from surveys.domain.cells import Answers
from surveys.storage.invitations import Invitation, Left, mailings_of_survey
from surveys.storage.responses import Response, ResponseState
from surveys.storage.written_rows import KEPT, add_cells, begin_rows, change_rows, drop_cells

_FRESH: Mapping[str, Any] = {
    "state": ResponseState.OPEN.value, "page": "", "completed_at": None, "seed": 0, "language": "", "ending": "",
    "quota": "", "signs": "", "shown": None, "pace": None,
}  # fmt: skip


@dataclass(frozen=True)
class Writing:
    """What one press writes: columns of the response, and answers that take the place of earlier ones.

    `kept` is the invitation under which a response is begun where there is none; `before` is what is stored now, of
    which completion leaves only the questions in `only`.
    """

    kept: int
    survey_id: int
    version: int
    response: Response | None
    began: datetime
    columns: Mapping[str, Any]
    changed: Answers
    before: Answers = field(default_factory=dict)
    only: Collection[str] | None = None

    def stale(self) -> list[str]:
        """The questions whose stored answers go."""
        changed = [name for name, cells in self.changed.items() if name in self.before and self.before[name] != cells]
        return changed + [name for name in self.before if self.only is not None and name not in self.only]

    def fresh(self) -> list[tuple[Any, ...]]:
        """The cells that are stored now."""
        return [
            (name, cell.row, cell.value, cell.number, cell.text)
            for name, cells in self.changed.items()
            if cells != self.before.get(name, ()) and (self.only is None or name in self.only)
            for cell in cells
        ]


def write(session: Session, writings: Sequence[Writing]) -> list[Response | None]:
    """Store them all; the response of each, None where somebody else began it at this very moment: nothing is written.

    That each invitation has one response is kept by a constraint.
    """
    begun = _begin(session, [each for each in writings if each.response is None])
    responses = [each.response or begun.get(each.kept) for each in writings]
    pairs = [(response, each) for response, each in zip(responses, writings, strict=True) if response is not None]
    changed = [(response, each) for response, each in pairs if each.response is not None]
    session.flush()
    for response, each in changed:
        for name, value in each.columns.items():
            set_committed_value(response, name, value)
    change_rows(session, [(response.id, {name: getattr(response, name) for name in KEPT}) for response, _ in changed])
    drop_cells(session, [(response.id, name) for response, each in pairs for name in each.stale()])
    add_cells(session, [(response.id, *cell) for response, each in pairs for cell in each.fresh()])
    return responses


def _begin(session: Session, writings: Sequence[Writing]) -> dict[int, Response]:
    """Insert the responses that nobody else began; in order, so that nobody waits in a circle."""
    rows = {
        each.kept: {
            **_FRESH,
            "survey_id": each.survey_id,
            "version": each.version,
            "invitation_id": each.kept,
            "started_at": each.began,
            **each.columns,
        }
        for each in sorted(writings, key=lambda each: each.kept)
    }
    begun = begin_rows(session, list(rows.values()))
    return {kept: Response(id=number, **rows[kept]) for number, kept in begun}


def handed_over(session: Session, invitations: Sequence[Invitation]) -> dict[int, datetime]:
    """When the newest mail with each of these invitations was handed over."""
    if not invitations:
        return {}
    rows = session.execute(
        select(Message.reference, func.max(Message.handed_over_at))
        .where(
            Message.address_key.in_({each.address_key for each in invitations}),
            Message.reference.in_({each.id for each in invitations}),
            Message.handed_over_at.is_not(None),
        )
        .group_by(Message.reference)
    )
    return {number: at for number, at in rows if number is not None and at is not None}


def spare_those(session: Session, invitations: Sequence[Invitation], reason: Left) -> None:
    """Cancel what their surveys would still send to people who answered or declined."""
    for survey_id in sorted({each.survey_id for each in invitations}):
        keys = [each.address_key for each in invitations if each.survey_id == survey_id]
        session.execute(
            update(Message)
            .where(
                Message.address_key.in_(keys),
                Message.state == PLANNED,
                Message.mailing_id.in_(mailings_of_survey(survey_id)),
            )
            .values(state=MessageState.CANCELLED.value, reason=reason.value, next_try_at=None)
            .execution_options(synchronize_session=False)
        )
