"""The part of `heedful import` that takes suppression lists of hashed addresses."""

from collections.abc import Callable, Mapping
from typing import BinaryIO

from commands.terminal import Terminal, report
from contacts.domain.import_modes import ImportMode
from contacts.services.import_contacts import ImportOptions
from contacts.services.import_hashes import HashListOptions, import_hashes
from core.clock import now
from core.errors import BadInput

Progress = Callable[[int, int, Mapping[str, int]], None]


def take_hash_list(
    opened: Terminal,
    file: BinaryIO,
    options: ImportOptions,
    partner: str,
    *,
    progress: Progress | None,
    as_json: bool,
) -> None:
    """Import a file of hashes, and report.

    Raises:
        BadInput: the mode is another one; hashes can be nothing but a suppression list.
    """
    if options.mode is not ImportMode.RESTRICT:
        raise BadInput(
            "The file holds hashes and no addresses.", remedy="Give --mode restrict: it is a suppression list."
        )
    taken = HashListOptions(
        file_name=options.file_name,
        operator=options.operator,
        partner=partner,
        rejects_folder=options.rejects_folder,
        confirm_seconds=options.confirm_seconds,
    )
    found = import_hashes(opened.database, file, taken, ring=opened.ring, at=now(), progress=progress)
    late = {} if found.settled else {"note": "one message that was being handed over may still arrive"}
    report(found.counts | {"rejects": str(found.rejects or "")} | late, as_json=as_json)
