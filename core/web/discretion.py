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
_AROUND = ".!-_*@\uff20"


class Cleared(StreamingResponse):
    """A file of which whoever made it has masked every text already; its bytes cannot be looked into."""


def discreet(response: Response, *, own: str = "") -> Response:
    """The same answer without whole addresses, but for the reader's own.

    Raises:
        Forbidden: it is a file, which is not looked into.
    """
    if isinstance(response, FileResponse):
        raise Forbidden("Your role does not reach that far.", remedy="Ask an admin of your team.")
    if isinstance(response, StreamingResponse) and not isinstance(response, Cleared):
        response.body_iterator = _pieces(response.body_iterator, own)
    elif not isinstance(response, StreamingResponse) and response.body:
        response.body = without_whole_addresses(bytes(response.body).decode(), own=own).encode()
        response.headers["content-length"] = str(len(response.body))
    return response


def without_whole_addresses(text: str, *, own: str = "") -> str:
    """A text with every address in it masked; what only has an @ stays."""
    if not _AT.search(text):
        return text
    return _WORD.sub(lambda found: _hidden(found[0], own), text)


def _hidden(word: str, own: str) -> str:
    bare = word.strip(_AROUND)
    local, *others = _AT.split(bare)
    domains = [each for each in (other.partition("/")[0].strip(_AROUND) for other in others) if each]
    if not domains or not local or local.endswith("/") or bare == own:
        return word
    begins = word.index(bare)
    return word[:begins] + masked(f"{local}@{domains[-1]}") + word[begins + len(bare) :]


async def _pieces(pieces: AsyncIterable[Any] | Iterable[Any], own: str) -> AsyncIterator[str]:
    """Each piece by itself: whoever streams gives whole lines."""
    assert isinstance(pieces, AsyncIterable), "the response has made it one"
    async for piece in pieces:
        yield without_whole_addresses(piece if isinstance(piece, str) else bytes(piece).decode(), own=own)
