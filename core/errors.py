"""The one tree of errors; each carries the sentence its user sees and the HTTP status of a page that shows it.

HeedfulError 500
├── BadInput 422         what was given cannot be used: names line and field, and the remedy
├── BadToken 404         a link that we did not make, or that was cut off
├── NotFound 404         nothing of that name
├── SignInNeeded 401     the page is for operators
├── Forbidden 403        the operator's role does not reach that far
├── Conflict 409         right, but not now: the thing is in another state
├── TooMany 429          more requests than are taken for now
├── Misconfigured 500    a setting is missing or wrong
├── SchemaMismatch 503   the database is older or newer than this program
└── Unavailable 503      the database is away; nothing was changed, try again
"""

from http import HTTPStatus


class HeedfulError(Exception):
    """Anything this program says no to; `message` is shown to the user as it is."""

    status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return self.plainly

    @property
    def plainly(self) -> str:
        """The message and its remedy, without a place: for words that stand beside the field they are about."""
        return f"{self.message} {self.remedy}" if self.remedy else self.message


class BadInput(HeedfulError):
    """What was given cannot be used; nothing was lost and nothing was stored."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(
        self, message: str, *, field: str | None = None, line: int | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.field = field
        self.line = line

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line is not None else []
        place += [self.field] if self.field else []
        return f"{', '.join(place)}: {self.plainly}" if place else self.plainly


class BadToken(HeedfulError):
    """A link that this program did not make, or that lost a character on the way."""

    status = HTTPStatus.NOT_FOUND


class NotFound(HeedfulError):
    """Nothing of that name or number."""

    status = HTTPStatus.NOT_FOUND


class SignInNeeded(HeedfulError):
    """The page is for operators."""

    status = HTTPStatus.UNAUTHORIZED


class Forbidden(HeedfulError):
    """The operator's role does not reach that far, or the form came from another site."""

    status = HTTPStatus.FORBIDDEN


class Conflict(HeedfulError):
    """A right request at the wrong moment: the thing is in another state."""

    status = HTTPStatus.CONFLICT


class TooMany(HeedfulError):
    """More requests than are taken for now."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class Misconfigured(HeedfulError):
    """A setting is missing or wrong."""


class SchemaMismatch(HeedfulError):
    """The database is older or newer than this program."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Unavailable(HeedfulError):
    """The database is away; nothing was changed."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
