"""Answers to those whose role may not see addresses: whatever they hold, every address in them is masked (P1).

Pages mask what they know to be an address. This is the last stand behind them, for what nobody knew: an address in a
name, an attribute, an answer, a server's reply or the name of a file.
"""

import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Any

from starlette.responses import FileResponse, Response, StreamingResponse

from core.errors import Forbidden
from core.web.rendering import masked

_AT = re.compile(r"[@\uff20]")
_WORD = re.compile(r"""[^\s<>"'(),:;\[\]{}|\\&?#“”‘’]+""")
_AFTER = ".!-_*"


def discreet(response: Response, *, own: str = "") -> Response:
    """The same answer without whole addresses, but for the reader's own.

    Raises:
        Forbidden: it is a file, which is not looked into.
    """
    if isinstance(response, FileResponse):
        raise Forbidden("Your role does not reach that far.", remedy="Ask an admin of your team.")
    if isinstance(response, StreamingResponse):
        response.body_iterator = _pieces(response.body_iterator, own)
    elif response.body:
        response.body = without_whole_addresses(bytes(response.body).decode(), own=own).encode()
        response.headers["content-length"] = str(len(response.body))
    return response


def without_whole_addresses(text: str, *, own: str = "") -> str:
    """A text with every address in it masked; what only has an @ stays."""
    if not _AT.search(text):
        return text
    return _WORD.sub(lambda found: _hidden(found[0], own), text)


def _hidden(word: str, own: str) -> str:
    local, *_, domain = _AT.split(word) if _AT.search(word) else ("", "")
    domain = domain.partition("/")[0].rstrip(_AFTER)
    bare = word[: word.rfind(domain) + len(domain)]
    plain = not local or local.endswith("/") or not domain or bare == own
    return word if plain else masked(f"{local}@{domain}") + word[len(bare) :]


async def _pieces(pieces: AsyncIterable[Any] | Iterable[Any], own: str) -> AsyncIterator[str]:
    """Each piece by itself: whoever streams gives whole lines."""
    assert isinstance(pieces, AsyncIterable), "the response has made it one"
    async for piece in pieces:
        yield without_whole_addresses(piece if isinstance(piece, str) else bytes(piece).decode(), own=own)
