"""Text files that commands are given: read in one way, and what is no text is said in one sentence."""

from pathlib import Path
from typing import Any

import click

from core.errors import BadInput


class TextFile(click.Path):
    """What a text file holds; ``-`` is standard input."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, allow_dash=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text."""
        return text_of(Path(str(super().convert(value, param, ctx))))


def text_of(path: Path) -> str:
    """The text of a file; ``-`` is standard input.

    Raises:
        BadInput: it cannot be read, or is not UTF-8.
    """
    try:
        with click.open_file(str(path), encoding="utf-8") as file:
            return str(file.read())
    except UnicodeDecodeError:
        remedy = "Save it as UTF-8, and try again."
        raise BadInput(f"The file {path.name} is not UTF-8 text.", remedy=remedy) from None
    except OSError as error:
        raise BadInput(f"The file {path.name} cannot be read: {error.strerror}.") from None
