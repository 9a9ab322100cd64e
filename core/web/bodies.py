"""Bodies of requests: how much of one is read before anybody looks at it; whoever sends more than fits is refused."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from core.web.visits import LARGEST_PUBLIC, Place

LARGEST_FIELD = 8 * 1024 * 1024
MOST_FIELDS = 5000
_MOST_FILES = 4


async def form_of(request: Request, place: Place) -> FormData:
    """The form of a POST; a place that takes any body takes what it can read of it (G12)."""
    if not place.any_body:
        return await _form(request)
    try:
        beginning = await _small(request)
        return await _form(beginning) if beginning else FormData()
    except (HTTPException, ClientDisconnect, UnicodeDecodeError, ValueError, KeyError):
        return FormData()


async def _form(request: Request) -> FormData:
    return await request.form(max_part_size=LARGEST_FIELD, max_files=_MOST_FILES, max_fields=MOST_FIELDS)


async def _small(request: Request) -> Request | None:
    """The same request with its body already here; nothing where that is larger than any form of such a place."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_PUBLIC:
            return None

    async def receive() -> Message:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return Request(request.scope, receive)
