"""Sign-up forms: by which people ask for mail on some topics, and what each asked them to agree to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.signup_drafts import SignupDraft
from contacts.domain.wordings import Wording
from core.database import Base, Json, Moment, insert_new
from core.errors import NotFound


class SignupForm(Base):
    """A form as it is now; `asked` and `confirmed` count what outlives the requests themselves."""

    __tablename__ = "signup_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    wording: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[Any]] = mapped_column(Json)
    source: Mapped[str] = mapped_column(String(20), default="mailing_list")
    language: Mapped[str] = mapped_column(String(35), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    asked: Mapped[int] = mapped_column(default=0, server_default="0")
    confirmed: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def draft(self) -> SignupDraft:
        """The form as the team writes it."""
        return SignupDraft(self.name, self.title, self.wording, tuple(self.topics), self.language, self.active)


class SignupWording(Base):
    """What was shown to those who asked, word for word, under its hash; kept as long as a consent may name it."""

    __tablename__ = "signup_wording"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    said: Mapped[dict[str, Any]] = mapped_column(Json)
    since: Mapped[datetime] = mapped_column(Moment)


def form_named(session: Session, name: str) -> SignupForm | None:
    """The form of that name, if there is one, active or not."""
    return session.scalar(select(SignupForm).where(SignupForm.name == name))


def form_numbered(session: Session, form_id: int) -> SignupForm:
    """A form by its number.

    Raises:
        NotFound: there is none.
    """
    form = session.get(SignupForm, form_id)
    if form is None:
        raise NotFound("There is no such sign-up form.")
    return form


def all_forms(session: Session) -> list[SignupForm]:
    """Every form, the newest first."""
    return list(session.scalars(select(SignupForm).order_by(SignupForm.id.desc())))


def add_form(session: Session, draft: SignupDraft, *, at: datetime) -> SignupForm:
    """A new form, as it was written."""
    form = SignupForm(name=draft.name, created_at=at, **_columns(draft))
    session.add(form)
    session.flush()
    return form


def change_form(session: Session, form: SignupForm, draft: SignupDraft) -> None:
    """Give a form other words; its name stays, for it stands on other sites."""
    for column, value in _columns(draft).items():
        setattr(form, column, value)
    session.flush()


def _columns(draft: SignupDraft) -> Mapping[str, Any]:
    return {
        "title": draft.title,
        "wording": draft.wording,
        "topics": list(draft.topics),
        "language": draft.language,
        "active": draft.active,
    }


def count_asked(session: Session, form_id: int) -> None:
    """One more asked by this form."""
    _count(session, form_id, {"asked": SignupForm.asked + 1})


def count_confirmed(session: Session, form_id: int) -> None:
    """One more confirmed."""
    _count(session, form_id, {"confirmed": SignupForm.confirmed + 1})


def _count(session: Session, form_id: int, values: Mapping[str, Any]) -> None:
    session.execute(
        update(SignupForm).where(SignupForm.id == form_id).values(values),
        execution_options={"synchronize_session": False},
    )


def keep_wording(session: Session, wording: Wording, *, at: datetime) -> str:
    """Keep a wording word for word, the first time; the hash that names it."""
    insert_new(session, SignupWording, [{"hash": wording.digest, "said": wording.said, "since": at}])
    return wording.digest


def wording_of(session: Session, digest: str) -> Wording:
    """What was shown under a hash.

    Raises:
        NotFound: it is not kept.
    """
    kept = session.get(SignupWording, digest)
    if kept is None:
        raise NotFound("This wording is not kept.")
    return Wording.read(kept.said)
