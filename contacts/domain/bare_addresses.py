"""Bare addresses: what is left of what somebody wrote without names, brackets, comments, mailto and unseen letters."""

import re
from urllib.parse import unquote

import idna

from core.errors import BadInput

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_NAMED = re.compile(rf"(?:{_QUOTED}|[^<>\"])*<((?:{_QUOTED}|[^<>\"])+)>", re.DOTALL)
_NAMED_LOOSELY = re.compile(r"[^<>]*<([^<>]+)>")
_DRESSED = re.compile(r"[^\w.+@=/!#$%&*?^`{|}~-]")
_AT_SIGNS = str.maketrans("＠﹫", "@@")
_STOPS = (".", "。", "．", "｡")
_ENCLOSING = {'"': '"', "'": "'", "“": "”", "„": "“", "‘": "’", "«": "»", "<": ">"}
_MAILTO = "mailto:"

_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))
_INVISIBLE = dict.fromkeys(
    number
    for first, last in (
        (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
        (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
        (0xE0000, 0xE0FFF),
    )
    for number in range(first, last + 1)
)  # fmt: skip
"""Unicode's default-ignorable code points, without the two joiners, which mean something in some domains."""


def bare_address(written: str) -> str:
    """The address within ``Name <a@b>``, ``mailto:a%2Bb@c?subject=d``, ``a@b (comment)``, ``'a@b'`` or ``a @ b.``.

    Nothing is judged here, and what is not understood stays as it is.

    Raises:
        BadInput: the letters behind the % signs of a mailto link are no text.
    """
    text = visible(written).strip()
    if _DRESSED.search(text) or "@" not in text:
        text = _undressed(text)
    return text[:-1] if text.endswith(_STOPS) else text


def visible(written: str) -> str:
    """Without letters that nobody sees; joiners stay where they make another domain (IDNA 2008, CONTEXTJ)."""
    text = written if written.isascii() else written.translate(_INVISIBLE)
    if unjoined(text) == text:
        return text
    before, at, domain = text.rpartition("@")
    bare = domain.strip("\"'<>() \t\r\n\u00a0")
    try:
        domain = domain.replace(bare, idna.encode(bare, uts46=True, transitional=False).decode("ascii"))
    except (idna.IDNAError, UnicodeError):
        domain = unjoined(domain)
    return unjoined(before) + at + domain


def unjoined(text: str) -> str:
    """Without the two letters that only join or part their neighbours."""
    if text.isascii():
        return text
    return text.translate(_JOINERS)


def _undressed(text: str) -> str:
    text = _within(_without_comments(text))
    if text[: len(_MAILTO)].lower() == _MAILTO:
        try:
            text = _within(visible(unquote(text[len(_MAILTO) :].partition("?")[0], errors="strict")))
        except UnicodeDecodeError:
            raise BadInput("The mailto link is damaged.", field="address") from None
    if "@" not in text:
        text = text.translate(_AT_SIGNS)
    local, at, domain = text.rpartition("@")
    return local.rstrip() + at + domain.lstrip()


def _within(text: str) -> str:
    """What stands in the pointed brackets behind a name, or between quotation marks around the whole."""
    text = text.strip().rstrip(",;").rstrip()
    named = _NAMED.fullmatch(text) or _NAMED_LOOSELY.fullmatch(text)
    text = named[1].strip() if named else text
    while len(text) > 1 and _ENCLOSING.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return text


def _without_comments(text: str) -> str:
    """RFC 5322's comments as blanks; brackets within quotation marks are none, and those without a partner stay."""
    if "(" not in text:
        return text
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for letter in text:
        plain, escaped = not escaped, letter == "\\" and not escaped
        if plain and letter == '"' and not depth:
            quoted = not quoted
        opens = plain and letter == "(" and not quoted
        depth += opens
        kept.append(" " if depth else letter)
        depth -= plain and letter == ")" and not quoted and depth > 0
    return text if depth else "".join(kept).strip()
