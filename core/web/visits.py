"""A visit to a page and the place that answers it; shared by recipients' pages and the console."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.database import Database
from core.language import spoken
from core.operators import Operator, Role
from core.settings import Settings
from core.tokens import Keyring
from core.web.rendering import Look, render

LARGEST_PUBLIC = 2 * 1024 * 1024
"""Bytes that anybody may send: a page of a survey with long answers, in any script."""
LARGEST_CONSOLE = 16 * 1024 * 1024
LARGEST_ATTACHMENT = 8 * 1024 * 1024
LARGEST_UPLOAD = 512 * 1024 * 1024
LONGEST_NUMBER = 18
"""Digits that fit into 63 bits."""


def as_number(written: str) -> int | None:
    """The whole number that is written, if it is one that a database can hold."""
    fits = written.isascii() and written.isdigit() and len(written) <= LONGEST_NUMBER
    return int(written) if fits else None


CONSOLE = "en"
"""The console's language; recipients' pages are in theirs, as far as there is a catalogue."""


@dataclass
class Visit:
    """One request, with everything that its view may use.

    `session` is read-only and rolled back for GET and HEAD, and committed by the door for POST.
    """

    request: Request
    settings: Settings
    database: Database
    keyring: Keyring
    at: datetime
    form: FormData = field(default_factory=FormData)
    operator: Operator | None = None
    csrf: str = ""
    language: str = ""
    open_session: Session | None = None

    @property
    def session(self) -> Session:
        """The database session of this request."""
        assert self.open_session is not None, "this place asked for no session"
        return self.open_session

    @property
    def path(self) -> dict[str, Any]:
        """What the path's {names} matched."""
        return dict(self.request.path_params)

    @property
    def network(self) -> str:
        """The visitor's network address as the outermost trusted proxy saw it; kept nowhere."""
        said = ",".join(self.request.headers.getlist("x-forwarded-for"))  # some proxies add a line of their own
        hops = [hop.strip() for hop in said.split(",") if hop.strip()]
        depth = self.settings.trusted_proxies
        if depth and len(hops) >= depth:
            return hops[-depth]
        return self.request.client.host if self.request.client else "unknown"

    def text(self, name: str, otherwise: str = "") -> str:
        """A form field, trimmed."""
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else otherwise

    def texts(self, name: str) -> list[str]:
        """All values of a repeated form field."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        """An uploaded file, if one was chosen."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def query(self, name: str, otherwise: str = "") -> str:
        """A field of the query string, trimmed."""
        return self.request.query_params.get(name, otherwise).strip()

    def number(self, name: str) -> int | None:
        """A whole number of the query string that a database can hold; None for everything else."""
        return as_number(self.query(name))

    @property
    def sees_addresses(self) -> bool:
        """Whether whole addresses may be shown (P1): to editors and admins."""
        return self.operator is not None and self.operator.may(Role.EDITOR)

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """A page made from a template below templates/."""
        look = Look(
            operator=self.operator,
            csrf=self.csrf,
            settings=self.settings,
            language=self.language or (CONSOLE if template.startswith("console/") else spoken(self.settings.language)),
            time_zone=self.operator.time_zone if self.operator else self.settings.time_zone,
            path=self.request.scope["path"],
            sees_addresses=self.sees_addresses,
        )
        return HTMLResponse(render(template, look, at=self.at, **context), status_code=status)

    def redirect(self, path: str) -> Response:
        """See another page (303); only paths of this site."""
        if not path.startswith("/") or path.startswith(("//", "/\\")):
            raise ValueError("only paths of this site")
        return RedirectResponse(path, status_code=303)


Answer = Response | Callable[[], Response]
View = Callable[[Visit], Answer]


@dataclass(frozen=True)
class Place:
    """A page: where it is, who may come, and the view that answers.

    A view may return a function instead of a response: it is called after the commit, for what may only be said once
    it is durable (G2). `role` None is a public page: no cookie, no sign-in, no CSRF token. `any_body` takes whatever
    body a mail client sends (G12). `session` False opens no database session. `uploads` takes large files,
    `attachments` small ones.
    """

    path: str
    view: View
    methods: tuple[str, ...] = ("GET",)
    role: Role | None = None
    any_body: bool = False
    session: bool = True
    uploads: bool = False
    attachments: bool = False

    @property
    def largest(self) -> int:
        """How many bytes may be sent here."""
        if self.uploads:
            return LARGEST_UPLOAD
        if self.attachments:
            return LARGEST_ATTACHMENT
        return LARGEST_PUBLIC if self.role is None else LARGEST_CONSOLE
