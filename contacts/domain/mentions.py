"""Mentions: email addresses within any text, found to recognise a person in a file or to leave them out of a record."""

import re
from collections.abc import Iterator

from contacts.domain.addresses import Address, read_address
from core.errors import BadInput

_CANDIDATE = re.compile(r"""[^\s<>"',;:()\[\]\\|]{1,256}[@＠][^\s<>"',;:()\[\]\\|@]{1,256}""")
_AFTER = ".!?»”’"
LEFT_OUT = "•••"


def addresses_in(text: str) -> Iterator[Address]:
    """Each address that stands in a text, as far as it can be read."""
    for found in _CANDIDATE.finditer(text):
        try:
            yield read_address(found[0].rstrip(_AFTER))
        except BadInput:
            continue


def without_addresses(text: str) -> str:
    """A text with every address left out: for what is kept for ever, and must outlive nobody's erasure (P1)."""
    return _CANDIDATE.sub(LEFT_OUT, text) if "@" in text or "＠" in text else text
