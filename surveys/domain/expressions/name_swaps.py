"""Other names within an expression: when a question gets another, and in each round of a loop."""

from collections.abc import Mapping
from itertools import pairwise

from surveys.domain.expressions.lexing import Sign, tokens_of
from surveys.domain.expressions.slips import Slip


def swapped(text: str, names: Mapping[str, str]) -> str:
    """The expression with other names in place of some, of functions never; one that cannot be read stays as it is."""
    try:
        tokens = tokens_of(text)
    except Slip:
        return text
    pieces: list[str] = []
    place = 0
    for token, following in pairwise(tokens):
        name, point, part = token.text.partition(".")
        if token.sign is Sign.NAME and name in names and following.text != "(":
            pieces += [text[place : token.at - 1], names[name], point, part]
            place = token.end - 1
    return "".join([*pieces, text[place:]])
