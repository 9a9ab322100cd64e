"""What a mail server must not tell others of us: our user and password in its answers, plain or as they were sent."""

import re
from base64 import b64encode
from collections.abc import Callable

from campaigns.mail.relay_urls import RelayUrl

Hide = Callable[[str], str]
_HIDDEN = "•••"
_SHORT = 6
"""What is shorter, and any user, is hidden as a whole word alone: else nothing of an answer could be read."""


def as_it_is(text: str) -> str:
    """Hide nothing: on a line where nobody signs in."""
    return text


def hiding(relay: RelayUrl) -> Hide:
    """What takes this relay's user and password out of a text, also in the Base64 of AUTH PLAIN and LOGIN."""
    user, password = relay.user.encode(), relay.password.encode()
    coded = [b64encode(each) for each in (b"\0" + user + b"\0" + password, user + b"\0" + user + b"\0" + password)]
    coded += [b64encode(each) for each in (password, user)]
    plain = [_pattern(relay.password), _pattern(relay.user, word=True)]
    patterns = [*(_pattern(each.decode().rstrip("=")) + "=*" for each in coded if each), *filter(None, plain)]
    if not relay.user and not relay.password:
        return as_it_is
    found = re.compile("|".join(patterns))
    return lambda text: found.sub(_HIDDEN, text)


def _pattern(secret: str, *, word: bool = False) -> str:
    if not secret:
        return ""
    literal = re.escape(secret)
    return rf"(?<!\w){literal}(?!\w)" if word or len(secret) < _SHORT else literal
