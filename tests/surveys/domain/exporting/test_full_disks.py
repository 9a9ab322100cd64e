"""A workbook for which there is no room is an error of the disk, told as one."""

import gc
from tempfile import TemporaryFile

import pytest

from surveys.domain.exporting.workbooks import new_workbook
from tests.commands.test_written_files import full_disk


def write_much() -> None:
    with TemporaryFile() as file, full_disk(512), new_workbook(file) as book:
        book.add_worksheet("Answers").write_string(0, 0, "x" * 2_000)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_workbook_without_room_is_an_error_of_the_disk():
    with pytest.raises(OSError, match="File too large"):
        write_much()
    gc.collect()  # the library leaves its own files open, for this test alone to hear of
