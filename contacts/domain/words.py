"""The words with which cells say yes, no and stop in several languages, for the import."""

import re
import unicodedata

from contacts.domain.dates import readings


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_YES = _set(
    """1 y yes true t on x ✓ ✔ ☑ j ja wahr oui vrai o si sì sí verdadero vero sim s verdadeiro waar tak prawda
    kyllä evet да д はい 是 예 네 対象"""
)
_NO = _set(
    """0 n no false f off - – nein falsch non faux falso não nao onwaar nee nej nei ei nie hayır нет н いいえ 否
    아니요 아니오 none null n/a never"""
)
STOPPED = _set(
    """unsubscribed unsubscribe blocklisted blacklisted blocked suppressed disabled bounced cleaned complained
    complaint spam opted-out opted_out optedout opt-out opt_out optout archived inactive"""
)
GOING = _set("subscribed enabled active confirmed unconfirmed pending opted-in opted_in opt-in optin")
_SEPARATORS = re.compile(r"[,;|/\n]")


def read_boolean(text: str) -> bool | None:
    """Read yes and no in many languages; an empty cell is a no; None where it is neither."""
    word = unicodedata.normalize("NFKC", text).strip().casefold().rstrip(".!")
    if not word or word in _NO:
        return False
    return True if word in _YES else None


def says_stop(text: str) -> bool | None:
    """Read a cell that says whether somebody opted out: yes or no, a word such as ``unsubscribed``, or when it was.

    None where it says none of these; then it may be a list of scopes.
    """
    word = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if word.replace(" ", "-") in STOPPED:
        return True
    if word.replace(" ", "-") in GOING:
        return False
    known = read_boolean(text)
    return True if known is None and readings(text) else known


def read_words(text: str) -> tuple[str, ...]:
    """Split a list in one cell, as in ``updates; offers``."""
    return tuple(dict.fromkeys(word.strip().casefold() for word in _SEPARATORS.split(text) if word.strip()))
