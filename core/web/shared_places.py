"""Places whose posts of the same moment are answered together, by one transaction: for forms that thousands fill in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import parse_qsl

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from core.database import Database
from core.gathering import Gathering
from core.web.bodies import MOST_FIELDS, form_of
from core.web.screening import screened_form
from core.web.visits import Answer, Place, Visit

MOST_TOGETHER = 100
"""Posts that one transaction answers at most; while it works, the next ones wait and are taken together."""
PLAIN = "application/x-www-form-urlencoded"
DEADLOCK = "40P01"

Asked = TypeVar("Asked")
Said = TypeVar("Said")


@dataclass(frozen=True)
class SharedPlace(Generic[Asked, Said]):
    """A public place that takes posts: each is read, all of one moment are acted on together, each is told what came.

    `read` and `tell` work in the event loop, so they ask nothing of the database, and `tell` returns a function for
    what takes time, such as a page. `act` gets what was read, in the order of arrival, and says something of each; an
    error it says is shown to that one alone. Where it raises one, each is acted on alone.
    """

    path: str
    read: Callable[[Visit], Asked]
    act: Callable[[Session, Sequence[Asked]], Sequence[Said | Exception]]
    tell: Callable[[Visit, Said], Answer]
    attachments: bool = False

    @property
    def place(self) -> Place:
        """The place as any other, for what depends on its kind alone."""
        return Place(self.path, self.tell, ("POST",), attachments=self.attachments)  # type: ignore[arg-type]  # never called as a view


class House(Protocol):
    """What the web's door lends a shared place."""

    database: Database

    def visit(self, request: Request, form: FormData) -> Visit:
        """A visit, now, that has no session of its own."""

    def sorry(self, visit: Visit, error: Exception) -> Response:
        """The page that tells of an error."""


class Desk(Generic[Asked, Said]):
    """Where the posts of one place are handed in."""

    def __init__(self, place: SharedPlace[Asked, Said], house: House) -> None:
        self._place, self._house = place, house
        self._clerk: Gathering[Asked, Said | Exception] = Gathering(
            partial(together, place, house.database), most=MOST_TOGETHER
        )

    async def answer(self, request: Request) -> Response:
        """One post, from its bytes to its answer."""
        form = screened_form(await _form(request, self._place.place))
        visit = self._house.visit(request, form)
        try:
            said = await self._clerk.ask(self._place.read(visit))
            told = (
                partial(self._house.sorry, visit, said)
                if isinstance(said, Exception)
                else self._place.tell(visit, said)
            )
            return told if isinstance(told, Response) else await run_in_threadpool(told)
        except Exception as error:  # noqa: BLE001 - the door says what any error means, and logs what nobody expected
            return await run_in_threadpool(self._house.sorry, visit, error)
        finally:
            await form.close()

    @property
    def left(self) -> int:
        """How many posts are not answered yet."""
        return self._clerk.left

    def close(self) -> None:
        """Answer nobody any more."""
        self._clerk.close()


def together(place: SharedPlace[Asked, Said], database: Database, batch: Sequence[Asked]) -> Sequence[Said | Exception]:
    """One transaction for all; where it fails for another reason than an absent database, one for each."""
    try:
        with database.writing() as session:
            return place.act(session, batch)
    except Exception as error:  # noqa: BLE001 - whoever asked hears of it
        if len(batch) == 1 or _is_away(error):
            return [error] * len(batch)
    return [said for each in batch for said in together(place, database, [each])]


def _is_away(error: Exception) -> bool:
    """Whether the database did not answer; of two that waited for each other it sends one away, which may try again."""
    away = isinstance(error, OperationalError | PoolTimeout)
    return away and not (isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") == DEADLOCK)


async def _form(request: Request, place: Place) -> FormData:
    """A plain form by the quick way: half of what a post costs was reading it letter by letter."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != PLAIN:
        return await form_of(request, place)
    body = (await request.body()).decode("latin-1")
    try:
        return FormData([*parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)])
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Too many fields.") from None


AnyShared = SharedPlace[Any, Any]
