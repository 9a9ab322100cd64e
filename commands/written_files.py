"""Files that commands write: each appears whole or not at all; into a pipe or a device goes what comes."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO

import click

from core.errors import BadInput

PRIVATE = 0o600
SHARED = 0o666
STANDARD_OUTPUT = Path("-")
output_option = click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default=str(STANDARD_OUTPUT),
    help="The file to write.",
)


@contextmanager
def whole_file(output: Path, *, mode: int = SHARED) -> Iterator[BinaryIO]:
    """What is written inside, in place of the file of that name once all of it is there; ``-`` is standard output.

    Raises:
        BadInput: it cannot be written; a file that was there before is as it was.
    """
    target = output.resolve()
    if output == STANDARD_OUTPUT:
        with _standard_output() as printed:
            yield printed
            printed.flush()
    elif target.exists() and not target.is_file():
        with _told(output), target.open("wb") as through:
            yield through
    else:
        allowed = mode & target.stat().st_mode if target.exists() else mode
        with begun_file(target, mode=allowed) as (begun, publish):
            yield begun
            publish()


def _standard_output() -> AbstractContextManager[BinaryIO]:
    if isinstance(sys.stdout.buffer, RawIOBase):  # PYTHONUNBUFFERED: it takes less than all of it without a word
        return os.fdopen(sys.stdout.fileno(), "wb", closefd=False)
    return nullcontext(sys.stdout.buffer)


@contextmanager
def begun_file(target: Path, *, mode: int = PRIVATE) -> Iterator[tuple[BinaryIO, Callable[[], None]]]:
    """A file that gets its name when it is published, and is gone where it was not.

    Raises:
        BadInput: it cannot be written; a file that was there before is as it was.
    """
    begun = target.with_name(f".heedful-{secrets.token_hex(8)}")
    try:
        with _told(target), os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:

            def publish() -> None:
                file.flush()
                os.fsync(file.fileno())
                begun.replace(target)

            yield file, publish
    finally:
        begun.unlink(missing_ok=True)


@contextmanager
def _told(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(f"The file {output.name} cannot be written: {error.strerror or error}.") from None
