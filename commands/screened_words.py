"""What is typed on the command line, screened for card numbers before any command can see it (P8)."""

from typing import Any

import click
from click.types import StringParamType

from core.cards import mask_card_numbers


class ScreenedWords(StringParamType):
    """Text without card numbers; names of files and choices are other types, and passwords come by other ways."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text with every card number masked."""
        return mask_card_numbers(str(super().convert(value, param, ctx)))


def screen(command: click.Command) -> None:
    """Let this command and all below it take no text but screened text; a second time changes nothing."""
    for param in command.params:
        if type(param.type) is StringParamType:
            param.type = ScreenedWords()
    if isinstance(command, click.Group):
        for each in command.commands.values():
            screen(each)
