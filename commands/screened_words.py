"""What is typed on the command line, screened before any command can see it: card numbers (P8), what no table holds."""

from copy import copy
from typing import Any

import click
from click.types import FloatParamType, IntParamType, ParamType, StringParamType

from core.cards import mask_card_numbers

_WIDEST = 2**63
"""Numbers below it, and down to its negative, have a place in a table."""


class ScreenedWords(StringParamType):
    """Text without card numbers; names of files and choices are other types, and passwords come by other ways."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text with every card number masked."""
        text = str(super().convert(value, param, ctx))
        if not text.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in text):
            self.fail("This is not UTF-8 text.", param, ctx)
        return mask_card_numbers(text)


class _Screened(ParamType[Any]):
    """A number that can be stored and compared; `nan` and `inf` are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if not -_WIDEST <= number < _WIDEST:
            self.fail("There is no use for such a number here.", param, ctx)
        return number


class ScreenedInt(_Screened, IntParamType):
    """A whole number of at most 64 bits."""


class ScreenedFloat(_Screened, FloatParamType):
    """A number of ordinary size."""


class ScreenedIntRange(_Screened, click.IntRange):
    """A whole number of at most 64 bits, between bounds."""


class ScreenedFloatRange(_Screened, click.FloatRange):
    """A number of ordinary size, between bounds."""


_STRICTER: dict[type[ParamType[Any]], type[ParamType[Any]]] = {
    StringParamType: ScreenedWords,
    IntParamType: ScreenedInt,
    FloatParamType: ScreenedFloat,
    click.IntRange: ScreenedIntRange,
    click.FloatRange: ScreenedFloatRange,
}


def screen(command: click.Command) -> None:
    """Let this command and all below it take no text and no number but screened ones; a second time changes nothing."""
    for param in command.params:
        if stricter := _STRICTER.get(type(param.type)):
            param.type = copy(param.type)
            param.type.__class__ = stricter
    if isinstance(command, click.Group):
        for each in command.commands.values():
            screen(each)
