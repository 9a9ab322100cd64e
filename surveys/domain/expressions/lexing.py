"""An expression as a row of tokens: numbers, texts, names and signs, each with its place."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from core.language import gettext as _
from surveys.domain.expressions.slips import Slip

LONGEST = 2000
LONGEST_NUMBER = 30
WORDS = frozenset({"and", "or", "not", "in", "has", "true", "false"})
"""Words of the language, which therefore cannot be names."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)?)
      | (?P<text>"(?:[^"\\]|\\["'\\])*"|'(?:[^'\\]|\\["'\\])*')
      | (?P<sign>==|!=|<=|>=|[<>+\-*/%(){},])""",
    re.VERBOSE | re.ASCII,
)
_ESCAPED = re.compile(r"\\(.)")


class Sign(Enum):
    """What sort of token."""

    NUMBER = auto()
    NAME = auto()
    WORD = auto()
    TEXT = auto()
    MARK = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `at` is where it begins, counted from 1, and `end` where the next could."""

    sign: Sign
    text: str
    at: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The tokens, with one at the end that says that nothing follows.

    Raises:
        Slip: a character that means nothing, a text that does not end, or too much of everything.
    """
    if len(text) > LONGEST:
        message = _("The expression has more than {most} characters.").format(most=LONGEST)
        raise Slip(1, message, _("Work parts of it out under names of their own."))
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _unknown(text, place)
        if match.lastgroup != "space":
            found.append(_token(match))
        place = match.end()
    return [*found, Token(Sign.OVER, "", len(text) + 1, len(text) + 1)]


def _token(match: re.Match[str]) -> Token:
    text, at, end = match[0], match.start() + 1, match.end() + 1
    if match.lastgroup == "number" and len(text) > LONGEST_NUMBER:
        raise Slip(at, _("The number has more than {most} digits.").format(most=LONGEST_NUMBER))
    if match.lastgroup == "text":
        return Token(Sign.TEXT, _ESCAPED.sub(r"\1", text[1:-1]), at, end)
    if match.lastgroup == "name":
        return Token(Sign.WORD if text in WORDS else Sign.NAME, text, at, end)
    return Token(Sign.NUMBER if match.lastgroup == "number" else Sign.MARK, text, at, end)


def _unknown(text: str, place: int) -> Slip:
    char = text[place]
    if char in "\"'":
        return Slip(place + 1, _("A text begins here and does not end."), _("Close it with the same quote."))
    remedies = {
        "=": _("Write == to compare."),
        "!": _("Write != or not."),
        "&": _("Write and."),
        "|": _("Write or."),
        "“": _('Write straight quotes: "…".'),
        "”": _('Write straight quotes: "…".'),
    }
    return Slip(place + 1, _("“{char}” means nothing here.").format(char=char), remedies.get(char, ""))
