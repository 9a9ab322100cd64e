"""The web's door (ASGI): recipients' pages, the console, the API, and the files they need."""

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

import campaigns.web
import contacts.web
import core.web
import surveys.web
from campaigns.web.click_keeping import close_keeper, keeper_of
from contacts.services.open_house import PATIENCE, open_house
from core.api_tokens import Caller, caller_of, touch_token
from core.clock import now
from core.database import Database
from core.errors import Forbidden, HeedfulError, NotFound, SignInNeeded, TooMany
from core.language import noted
from core.lifelines import end_with_the_server
from core.operators import signed_in
from core.schema import require_current_schema
from core.settings import Settings
from core.tokens import Keyring
from core.web.api_building import TokenGate, create_api
from core.web.bodies import form_of
from core.web.calls import Call
from core.web.css_and_scripts import Files
from core.web.discretion import discreet, without_whole_addresses
from core.web.last_stand import LastStand
from core.web.places import api_places_of, places_of, shared_places_of
from core.web.rates import Rates
from core.web.regrets import OUTAGES, regret
from core.web.rendering import STATIC
from core.web.screening import screened_form
from core.web.security import SafeHeaders, refuse_forgery
from core.web.shared_places import AnyShared, Desk
from core.web.signin import COOKIE
from core.web.visits import LARGEST_UPLOAD, Answer, Place, Visit

log = logging.getLogger("heedful.web")

THREADS = 200
"""Requests answered at the same moment; some only wait until a message that is being handed over is settled."""
LARGEST_NUMBER = 2**63 - 1
"""No row of either database has a higher one."""
CONSOLE = "/console"
SAFE = frozenset({"GET", "HEAD"})


class Door:
    """Turns requests into visits: opens and ends the transaction, and lets nobody past who may not."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.keyring = Keyring(settings.secret_key.get_secret_value().split(","))

    def endpoint(self, place: Place) -> Callable[[Request], Awaitable[Response]]:
        """The ASGI endpoint of a place."""

        async def answer(request: Request) -> Response:
            form = FormData() if request.method in SAFE else await self._form(place, request)
            try:
                return await run_in_threadpool(self.answer, place, request, form)
            finally:
                await form.close()

        return answer

    async def _form(self, place: Place, request: Request) -> FormData:
        """What was sent, screened (P8); of what a stranger sends to the console nothing is read."""
        if place.role is not None and not await run_in_threadpool(self._is_signed_in, request):
            return FormData()
        return await run_in_threadpool(screened_form, await form_of(request, place))

    def _is_signed_in(self, request: Request) -> bool:
        try:
            with self.database.reading() as session:
                return signed_in(session, request.cookies.get(COOKIE), at=now()) is not None
        except OUTAGES:
            return False  # the visit itself says what is wrong

    def visit(self, request: Request, form: FormData) -> Visit:
        """One visit, now."""
        return Visit(request, self.settings, self.database, self.keyring, now(), form)

    def answer(self, place: Place, request: Request, form: FormData) -> Response:
        """One visit, one transaction; what may only be said once it is durable is said after it."""
        visit = self.visit(request, form)
        try:
            _refuse_impossible_numbers(request)
            if not place.session:
                said = place.view(visit)
            else:
                opened = self.database.reading if request.method in SAFE else self.database.writing
                with opened() as session:
                    said = self._admitted(place, visit, session)
            return self._as_seen(visit, said if isinstance(said, Response) else said())
        except Exception as error:  # noqa: BLE001 - the last stand: whatever it was, a calm page and a log line
            return self.sorry(visit, error)
        finally:
            visit.open_session = None

    def sorry(self, visit: Visit, error: Exception) -> Response:
        """The page that tells of an error; what nobody expected is logged."""
        if isinstance(error, HeedfulError):
            return self.explain(visit, error)
        report("the database did not answer" if isinstance(error, OUTAGES) else "a page failed", error)
        return self.explain(visit, regret(error, looking=visit.request.method in SAFE))

    def _admitted(self, place: Place, visit: Visit, session: Session) -> Answer:
        visit.open_session = session
        request = visit.request
        if request.scope["path"].startswith(CONSOLE):
            cookie = request.cookies.get(COOKIE)
            known = signed_in(session, cookie, at=visit.at)
            if known:
                session.expunge(known.operator)  # so that an error page can still name them after the rollback
                visit.operator, visit.csrf = known.operator, known.csrf
            if request.method not in SAFE:
                refuse_forgery(request, sent=visit.text("csrf"), expected=visit.csrf, base_url=self.settings.base_url)
        if place.role is not None:
            if visit.operator is None:
                raise SignInNeeded("Please sign in.")
            if not visit.operator.may(place.role):
                raise Forbidden("Your role does not reach that far.", remedy="Ask an admin of your team.")
        return place.view(visit)

    def _as_seen(self, visit: Visit, response: Response) -> Response:
        return discreet(response, own=visit.operator.email) if visit.operator and not visit.sees_addresses else response

    def explain(self, visit: Visit, error: HeedfulError) -> Response:
        """The page that shows an error; who is not signed in is shown where to."""
        if isinstance(error, SignInNeeded) and visit.request.method in SAFE:
            return RedirectResponse(f"{CONSOLE}/sign-in", status_code=HTTPStatus.SEE_OTHER)
        page = "console/error.html" if visit.operator else "public/error.html"
        message, remedy = without_whole_addresses(error.message), without_whole_addresses(error.remedy or "")
        response = self._as_seen(visit, visit.page(page, status=error.status, message=message, remedy=remedy))
        if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = "60"
        return response


def report(message: str, error: Exception) -> None:
    """Log an error with the places it passed, and without its sentence, which may hold an address."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-6:]]
    log.error(message, extra={"kind": type(error).__name__, "where": places})


def _refuse_impossible_numbers(request: Request) -> None:
    if any(isinstance(each, int) and each > LARGEST_NUMBER for each in request.path_params.values()):
        raise NotFound("There is nothing of that number.")


class TokenDoor:
    """The same door for other programs: a token instead of a sign-in, JSON instead of pages."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database
        self.rates = Rates(settings.api_rate)

    def admit(self, written: str) -> Caller:
        """Whose token it is; its last use is written down once a minute at most."""
        at = now()
        with self.database.reading() as session:
            caller = caller_of(session, written, at=at)
        if caller is None:
            raise SignInNeeded("This token is nobody's, or was revoked.", remedy="Ask an admin of your team for one.")
        if not self.rates.take(caller.token_id, at=at):
            raise TooMany("This token makes more requests than are taken.", remedy="Wait a minute, then go on slower.")
        if caller.stale:
            with self.database.writing() as session:
                touch_token(session, caller.token_id, at=at)
        return caller

    def transaction(self, method: str) -> AbstractContextManager[Session]:
        """One call, one transaction."""
        return self.database.reading() if method in SAFE else self.database.writing()

    def call(self, caller: Caller) -> Call:
        """One call, now."""
        return Call(self.settings, self.database, now(), caller)

    def report(self, message: str, error: Exception) -> None:
        """Log an error without its sentence."""
        report(message, error)


@cache
def _api() -> ASGIApp:
    packages = (contacts.web, campaigns.web, surveys.web)
    places = [place for package in packages for place in api_places_of(package)]
    return create_api(places, version=version("heedful"))


def create_app(settings: Settings, database: Database) -> Starlette:
    """The web application over an open database."""
    door = Door(settings, database)
    packages = (core.web, contacts.web, campaigns.web, surveys.web)
    desks = [(place, Desk(place, door)) for package in packages for place in shared_places_of(package)]
    routes: list[BaseRoute] = [_shared_route(place, desk) for place, desk in desks]
    places = [place for package in packages for place in places_of(package)]
    routes += [
        _route(place, door) for place in sorted(places, key=lambda place: place.role is not None)
    ]  # public first
    routes += [Route("/", _to_console), Route("/healthz", _healthy(door))]
    routes.append(Mount("/api", app=TokenGate(_api(), door=TokenDoor(settings, database)), name="api"))
    routes.append(Mount("/static", Files(directory=STATIC), name="static"))
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(SafeHeaders, https=settings.base_url.startswith("https:")),
            Middleware(LastStand, report=report),
            Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_UPLOAD),
        ],
        exception_handlers={HTTPException: _http_error(door)},
        lifespan=_life(settings, database, [desk for _, desk in desks]),
    )


def _route(place: Place, door: Door) -> Route:
    most = None if place.any_body else place.largest  # which reads on its own no more than it needs
    methods, name = list(place.methods), place.view.__name__
    return Route(place.path, door.endpoint(place), methods=methods, name=name, max_body_size=most)


def _shared_route(place: AnyShared, desk: Desk[Any, Any]) -> Route:
    return Route(place.path, desk.answer, methods=["POST"], name=place.act.__name__, max_body_size=place.place.largest)


def _life(
    settings: Settings, database: Database, desks: list[Desk[Any, Any]]
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Know the click-throughs' destinations from the first request on, and store what waits at the end."""

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        await run_in_threadpool(keeper_of, database, settings)
        yield
        for desk in desks:
            await run_in_threadpool(desk.close)
        await run_in_threadpool(close_keeper, database)

    return life


async def _to_console(_request: Request) -> Response:
    return RedirectResponse(CONSOLE, status_code=HTTPStatus.SEE_OTHER)


def _healthy(door: Door) -> Callable[[Request], Response]:
    def healthy(_request: Request) -> Response:
        try:
            require_current_schema(door.database)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is "not healthy"
            return PlainTextResponse(type(error).__name__, status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return PlainTextResponse("ok")

    return healthy


def _http_error(door: Door) -> Callable[[Request, Any], Response]:
    def page(request: Request, error: HTTPException) -> Response:
        visit = Visit(request, door.settings, door.database, door.keyring, now())
        missing = error.status_code == HTTPStatus.NOT_FOUND
        said = noted("There is no such page.") if missing else HTTPStatus(error.status_code).phrase + "."
        response = visit.page("public/error.html", status=error.status_code, message=said)
        response.headers.update(error.headers or {})
        return response

    return page


def application() -> Starlette:
    """What Granian serves: the application of this machine's settings."""
    end_with_the_server()
    house = open_house(patience=PATIENCE)
    return create_app(house.settings, house.database)
