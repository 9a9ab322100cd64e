"""The API as one application: places answered by the door, errors as JSON, every call signed in by a token."""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any, Protocol

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.api_tokens import Caller
from core.errors import BadInput, Forbidden, HeedfulError, SignInNeeded, Unavailable
from core.web.calls import ApiPlace, Call, Problem, Reply
from core.web.discretion import discreet, without_whole_addresses
from core.web.screening import ScreenedRequest

LARGEST_CALL = 1024 * 1024
DESCRIPTION = "/openapi.json"
ABOUT = (
    "Other programs reach Heedful here with a token (`Authorization: Bearer …`). Nothing here can permit mail to "
    "somebody who was ever heard of: every call can only restrict, as an import does. No address stands in a URL."
)
_FIELD = re.compile(r"[a-z][a-z_]{0,39}")


class ApiDoor(Protocol):
    """What the web's door lends the API: who may come in, and the transaction of each call."""

    def admit(self, written: str) -> Caller:
        """The caller of a token, or SignInNeeded or TooMany."""

    def transaction(self, method: str) -> AbstractContextManager[Session]:
        """A session that only reads for GET, and is committed at its end for POST."""

    def call(self, caller: Caller) -> Call:
        """One call, now."""

    def report(self, message: str, error: Exception) -> None:
        """Log an error without its sentence."""


def create_api(places: Iterable[ApiPlace], *, version: str) -> FastAPI:
    """What `TokenGate` lets calls through to; it knows no door, so one serves a whole process."""
    api = FastAPI(
        title="Heedful",
        version=version,
        description=ABOUT,
        openapi_url=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
        generate_unique_id_function=lambda route: route.name,
        exception_handlers={HTTPException: _http_problem},
        telemetry={"logs": False, "exclude": lambda _scope: True},
    )
    api.router.route_class = SafeRoute
    for place in places:
        api.router.add_api_route(
            place.path,
            _endpoint(place),
            methods=[place.method],
            response_model=place.says,
            responses=place.responses,
            name=place.view.__name__,
            dependencies=[],
        )
    _describe_tokens(api)
    return api


def _describe_tokens(api: FastAPI) -> None:
    """Say in the description that every call needs a token; the gate before it is what asks for it."""
    make = api.openapi

    def described() -> dict[str, Any]:
        told = make()
        told.setdefault("components", {})["securitySchemes"] = {"token": HTTPBearer().model.model_dump(
            by_alias=True, exclude_none=True, mode="json"
        )}  # fmt: skip
        told["security"] = [{"token": []}]
        return told

    api.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to change the description


def _endpoint(place: ApiPlace) -> Callable[..., Response]:
    """A function with the view's own parameters that opens and ends the transaction around it."""
    signature = inspect.signature(place.view, eval_str=True)
    _, *others = signature.parameters.values()

    def answer(request: Request, **given: Any) -> Response:
        door = _door_of(request.scope)
        call = door.call(request.scope["state"]["caller"])
        if not call.caller.role.reaches(place.role):
            raise Forbidden("This token's role does not reach that far.", remedy="Make one with a wider role.")
        with door.transaction(place.method) as session:
            call.open_session = session
            said = place.view(call, **given)
        call.open_session = None
        final = said() if callable(said) else said
        reply = final if isinstance(final, Reply) else Reply(final)
        told = JSONResponse(reply.body.model_dump(mode="json"), status_code=reply.status)
        return told if call.sees_addresses else discreet(told)

    keyword = inspect.Parameter.KEYWORD_ONLY
    asked = [
        inspect.Parameter("request", keyword, annotation=Request),
        *(each.replace(kind=keyword) for each in others),
    ]
    answer.__signature__ = signature.replace(parameters=asked, return_annotation=Response)  # type: ignore[attr-defined]  # inspect reads it
    answer.__name__, answer.__doc__ = place.view.__name__, place.view.__doc__
    return answer


def _door_of(scope: Scope) -> ApiDoor:
    """The door that let this call in."""
    door: ApiDoor = scope["state"]["door"]
    return door


class SafeRoute(APIRoute):
    """A route on which whatever goes wrong becomes a problem in JSON, and a line in the log without its sentence."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # a narrower coroutine
        """Starlette's handler, which never raises."""
        answer = super().get_route_handler()

        async def safely(request: Request) -> Response:
            try:
                return await answer(ScreenedRequest(request.scope, request.receive))
            except Exception as error:  # noqa: BLE001 - the last stand: whatever it was, a calm answer and a log line
                return problem_of(error, _door_of(request.scope))

        return safely


def problem_of(error: Exception, door: ApiDoor) -> Response:
    """The answer to an error; what nobody expected is logged."""
    if isinstance(error, RequestValidationError):
        return _problem(_read_wrong(error))
    if isinstance(error, HTTPException):
        return _plain(error)
    if isinstance(error, HeedfulError):
        return _problem(error)
    if isinstance(error, OperationalError | PoolTimeout):
        door.report("the database did not answer", error)
        return _problem(Unavailable("We could not store or read this.", remedy="Please try again in a minute."))
    door.report("a call of the API failed", error)
    return _problem(HeedfulError("Something went wrong on our side.", remedy="Please try again."))


def _problem(error: HeedfulError) -> Response:
    message, remedy = without_whole_addresses(error.message), without_whole_addresses(error.remedy or "")
    told = Problem(message=message, field=getattr(error, "field", None), remedy=remedy or None)
    response = JSONResponse(told.model_dump(), status_code=error.status)
    if error.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        response.headers["Retry-After"] = "60"
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _read_wrong(error: RequestValidationError) -> BadInput:
    """What was read wrong, without repeating what was sent: it may hold an address (P1)."""
    first = error.errors()[0]
    place = [str(each) for each in first["loc"][1:]]
    field = ".".join(each for each in place[:1] if _FIELD.fullmatch(each))
    if first["type"] == "json_invalid":
        return BadInput("The body is no JSON.", remedy="Send one JSON object as application/json.")
    if first["type"] == "extra_forbidden":
        return BadInput("There is no such field.", field=field or None, remedy="/api/openapi.json names all fields.")
    said = str(first["msg"]).removeprefix("Value error, ")
    return BadInput(f"{said.rstrip('.')}.", field=field or None, remedy="/api/openapi.json says what each field takes.")


def _plain(error: HTTPException) -> Response:
    told = Problem(message=HTTPStatus(error.status_code).phrase + ".")
    return JSONResponse(told.model_dump(), status_code=error.status_code, headers=error.headers)


async def _http_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _plain(error)


class TokenGate:
    """Lets nobody past without a token: before the body is read, and before anything is said of what is there."""

    def __init__(self, app: ASGIApp, *, door: ApiDoor) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Cookies are never looked at; the description alone is for everybody."""
        if scope["type"] == "http" and not scope["path"].endswith(DESCRIPTION):
            try:
                caller = await run_in_threadpool(self.door.admit, _bearer(scope))
            except Exception as error:  # noqa: BLE001 - as above
                await problem_of(error, self.door)(scope, receive, send)
                return
            scope.setdefault("state", {}).update(caller=caller, door=self.door)
        await self.app(scope, _measured(receive), send)


def _measured(receive: Receive) -> Receive:
    """The same body, refused as soon as it is longer than a call can be."""
    length = 0

    async def measured() -> Message:
        nonlocal length
        message = await receive()
        length += len(message.get("body", b""))
        if length > LARGEST_CALL:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return measured


def _bearer(scope: Scope) -> str:
    scheme, _, written = Headers(scope=scope).get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not written.strip():
        raise SignInNeeded("A token is needed.", remedy="Send it as “Authorization: Bearer …”.")
    return written.strip()
