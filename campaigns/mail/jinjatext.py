"""The source of a template with its Jinja marks taken aside, so that tools which only know HTML may read it."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Environment, TemplateSyntaxError
from jinja2.lexer import Lexer

from core.errors import BadInput


class Mark(NamedTuple):
    """A stretch of the source: `kind` is data, expression, block, comment or raw."""

    kind: str
    text: str


_BEGINNINGS = {
    "variable_begin": ("expression", "variable_end"),
    "block_begin": ("block", "block_end"),
    "comment_begin": ("comment", "comment_end"),
    "raw_begin": ("raw", "raw_end"),
}


@lru_cache(maxsize=1)
def _lexer() -> Lexer:
    return Lexer(Environment(keep_trailing_newline=True, autoescape=True))


def marks(source: str) -> Iterator[Mark]:
    """Cut the source into plain data and Jinja marks; put together again they render the same.

    Raises:
        BadInput: a mark is never closed; names the line.
    """
    ending, kind, gathered, begun = "", "", "", 1
    try:
        for line, token, text in _lexer().tokeniter(source, None):
            if ending:
                gathered += text
                if token == ending:
                    yield Mark(kind, gathered)
                    ending = ""
            elif token in _BEGINNINGS:
                kind, ending = _BEGINNINGS[token]
                gathered, begun = text, line
            elif text:
                yield Mark("data", text)
    except TemplateSyntaxError as error:
        raise BadInput(f"Line {error.lineno}: {error.message}", line=error.lineno) from error
    if ending:
        raise BadInput(f"Line {begun}: “{gathered[:2]}” is never closed.", line=begun)


def replaced(source: str, instead: Callable[[Mark], str]) -> str:
    """Put something else in the place of every mark."""
    return "".join(mark.text if mark.kind == "data" else instead(mark) for mark in marks(source))


def blanked(source: str) -> str:
    """Show each mark as `{{}}` and drop comments: HTML whose attributes tell what is still open."""
    return replaced(source, lambda mark: "" if mark.kind == "comment" else " {{}} ")
