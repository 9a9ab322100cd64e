"""How many completed responses count for each quota; asked and added to under locks, so that none is ever exceeded.

A count is kept, not worked out: it is the same for answers with and without a way back to anybody. An erased person's
place is not given again: the answers were counted when they came.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import CheckConstraint, ForeignKey, String, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, insert_new

Place = tuple[int, str]
"""A survey and the name of one of its quotas."""


class QuotaCount(Base):
    """One quota of one survey, over all of its versions."""

    __tablename__ = "quota_count"
    __table_args__ = (CheckConstraint("completed >= 0", name="completed"),)

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    completed: Mapped[int] = mapped_column(default=0, server_default="0")


def counts_of(session: Session, surveys: Collection[int]) -> dict[Place, int]:
    """How many count for each quota of these surveys now; it may be more in a moment, and never less."""
    if not surveys:
        return {}
    columns = (QuotaCount.survey_id, QuotaCount.name, QuotaCount.completed)
    return {(survey, name): number for survey, name, number in session.execute(
        select(*columns).where(QuotaCount.survey_id.in_(surveys))
    )}  # fmt: skip


def locked_counts(session: Session, places: Collection[Place]) -> dict[Place, int]:
    """The same for these quotas alone, and nobody else counts for one of them until the end of the transaction.

    They are locked in one order everywhere, so that two who need several wait for each other and never in a circle.
    """
    if not places:
        return {}
    insert_new(
        session, QuotaCount, [{"survey_id": survey, "name": name, "completed": 0} for survey, name in sorted(places)]
    )
    found = session.execute(
        select(QuotaCount.survey_id, QuotaCount.name, QuotaCount.completed)
        .where(tuple_(QuotaCount.survey_id, QuotaCount.name).in_(list(places)))
        .order_by(QuotaCount.survey_id, QuotaCount.name)
        .with_for_update()
    )
    return {(survey, name): number for survey, name, number in found}


def count_more(session: Session, more: Mapping[Place, int]) -> None:
    """Add to locked counts."""
    for (survey, name), number in sorted(more.items()):
        session.execute(
            update(QuotaCount)
            .where(QuotaCount.survey_id == survey, QuotaCount.name == name)
            .values(completed=QuotaCount.completed + number)
            .execution_options(synchronize_session=False)
        )


class QuotaRoom:
    """The quotas that presses of one moment may meet: those that would be counted for now are locked."""

    def __init__(self, session: Session, *, completing: Iterable[Place], going_on: Iterable[int]) -> None:
        """`completing`: quotas for which somebody would count now; `going_on`: surveys that somebody goes on with."""
        self._session = session
        self._known = counts_of(session, set(going_on)) | locked_counts(session, set(completing))
        self._more: dict[Place, int] = {}

    def completed(self, survey_id: int) -> dict[str, int]:
        """How many count for each quota of the survey, those of this moment among them."""
        return {name: number + self._more.get((survey, name), 0) for (survey, name), number in self._known.items()
                if survey == survey_id}  # fmt: skip

    def take(self, survey_id: int, names: Iterable[str]) -> None:
        """Count one response more for each of these quotas."""
        for name in names:
            self._more[survey_id, name] = self._more.get((survey_id, name), 0) + 1

    def store(self) -> None:
        """Write down what was counted."""
        count_more(self._session, self._more)
