"""A call of another program and the place of the API that answers it; the same for every package."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.orm import Session

from core.api_tokens import Caller
from core.cards import screened
from core.database import Database
from core.operators import Role
from core.settings import Settings
from core.storable import is_storable


def _storable(text: str) -> str:
    """Refuse what no database keeps: half a character of a pair, and the character of number nothing."""
    if not is_storable(text):
        raise ValueError("has a character that cannot be kept")
    return text


Line = Annotated[str, Field(max_length=1_000), AfterValidator(_storable)]
"""One line of text."""
Words = Annotated[str, Field(max_length=4_000), AfterValidator(_storable)]
"""What somebody said, as long as a letter."""
AddressLine = Annotated[
    str,
    Field(max_length=1_000, description="An email address, in any spelling.", examples=["ann@example.org"]),
    AfterValidator(_storable),
]


class Given(BaseModel):
    """What a call says: every field known and of its own type, so that nothing is taken for something else."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _without_card_numbers(cls, said: Any) -> Any:
        """The API's way in is screened like every other one, before anything is read (P8)."""
        return screened(said)


class Told(BaseModel):
    """What is answered."""

    model_config = ConfigDict(extra="forbid")


class Problem(Told):
    """What is wrong, with which field, and what to do about it."""

    message: str
    field: str | None = None
    remedy: str | None = None


@dataclass
class Call:
    """One request, with everything that its view may use.

    `session` is read-only and rolled back for GET, and committed by the door for POST.
    """

    settings: Settings
    database: Database
    at: datetime
    caller: Caller
    open_session: Session | None = None

    @property
    def session(self) -> Session:
        """The database session of this request."""
        assert self.open_session is not None, "the door opens it"
        return self.open_session

    @property
    def sees_addresses(self) -> bool:
        """Whether whole addresses may be told (P1): to editors and admins."""
        return self.caller.role.reaches(Role.EDITOR)

    @property
    def mark(self) -> str:
        """How the ledger and the history name this caller."""
        return f"API token {self.caller.token_id}"


@dataclass(frozen=True)
class Reply:
    """An answer with a status of its own."""

    body: Told
    status: HTTPStatus = HTTPStatus.OK


ApiAnswer = Told | Reply | Callable[[], Told | Reply]
"""A callable is asked after the commit: what may only be said once it is durable is said there (G2)."""

LATE = "recorded; one message that was already being handed over may still arrive"


class Stopped(Told):
    """What may be said of a wish to stop; the same for somebody known and somebody unknown."""

    said: Literal["done", "recorded; one message that was already being handed over may still arrive"] = Field(
        description="`done` only when it is stored and no message that it covers is being handed over any more."
    )


def stopped(*, settled: bool) -> Reply:
    """The answer to every wish to stop, after the commit and the wait (G1, G2)."""
    return Reply(Stopped(said="done")) if settled else Reply(Stopped(said=LATE), HTTPStatus.ACCEPTED)


@dataclass(frozen=True)
class ApiPlace:
    """A route of the API: its path holds no address, for URLs are kept in logs (P1)."""

    path: str
    view: Callable[..., ApiAnswer]
    says: type[Told]
    role: Role
    method: Literal["GET", "POST"] = "POST"
    also: tuple[int, ...] = ()
    """Statuses beside 200 and those of problems."""

    @property
    def responses(self) -> dict[int | str, dict[str, Any]]:
        """What the description says of every other status."""
        wrong = {401, 403, 413, 415, 422, 429, 503} if self.method == "POST" else {401, 403, 422, 429, 503}
        told: dict[int | str, dict[str, Any]] = {status: {"model": Problem} for status in sorted(wrong)}
        return told | {status: {"model": self.says if status < 300 else Problem} for status in self.also}  # noqa: PLR2004
