"""The templates that ship with the program, each made one text: what a mailing keeps must not change with a file."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from campaigns.mail.jinjatext import Mark, marks
from core.errors import BadInput

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "email"
_NAMED = re.compile(r"\{%[-+]?\s*(extends|include|block|endblock)\b\s*[\"']?([\w./-]*)[\"']?\s*(?:\w*\s*)[-+]?%\}(\s*)")
_DEEPEST = 10
_HOUSE = "confirmation"


@dataclass(frozen=True, slots=True)
class Sources:
    """The un-rendered templates of a mail."""

    subject: str
    html: str
    text: str


def kinds() -> list[str]:
    """Name the templates that a team can choose."""
    return sorted(found.parent.name for found in FOLDER.glob("*/subject.txt") if found.parent.name != _HOUSE)


@lru_cache(maxsize=32)
def shipped(kind: str) -> Sources:
    """Give the templates of a kind with everything they extend and include put in its place.

    Raises:
        BadInput: there is no such kind.
    """
    if kind not in kinds():
        raise BadInput(f"There is no template “{kind}”; there are {', '.join(kinds())}.", field="template")
    return _sources(kind)


@lru_cache(maxsize=1)
def confirmation() -> Sources:
    """Give the templates of the house's own mail: the one that asks somebody whether they meant to sign up."""
    return _sources(_HOUSE)


def _sources(kind: str) -> Sources:
    return Sources(*(_whole(f"{kind}/{name}") for name in ("subject.txt", "body.html", "body.txt")))


def _whole(name: str, depth: int = 0) -> str:
    """Read a file: what it extends with its blocks put in, and what it includes."""
    if depth > _DEEPEST:
        raise BadInput(f"The template “{name}” includes itself.", field="template")
    source = (FOLDER / name).read_text(encoding="utf-8").removesuffix("\n")
    extended, blocks, here, block = "", {"": ""}, [""], ""
    for mark in marks(source):
        statement, value = _statement(mark)
        if statement == "extends":
            extended = value
        elif statement == "block":
            block = value
            here.append(block)
            blocks[block] = ""
            blocks[here[-2]] += "" if extended else f"\0{block}\0"
        elif statement == "endblock":
            here.pop()
            block = here[-1]
        else:
            blocks[block] += _whole(value, depth + 1) if statement == "include" else mark.text
    if not extended:
        return _with_blocks(blocks, keep=depth > 0)
    layout = _whole(extended, depth + 1)
    return re.sub(r"\0(\w+)\0", lambda found: blocks.get(found[1], ""), layout)


def _with_blocks(blocks: dict[str, str], *, keep: bool) -> str:
    """Put each block in its place, or leave the places for the file that extends this one."""
    if keep and len(blocks) > 1:
        return blocks[""]
    return re.sub(r"\0(\w+)\0", lambda found: blocks[found[1]], blocks[""])


def _statement(mark: Mark) -> tuple[str, str]:
    found = _NAMED.fullmatch(mark.text) if mark.kind == "block" else None
    return (found[1], found[2]) if found else ("", "")
