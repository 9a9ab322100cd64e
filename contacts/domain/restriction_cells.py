"""Reads the cells of a table that restrict (address, child, opt-outs), for the rows of imports and of the API."""

from contacts.domain.addresses import Address, read_address_to_keep
from contacts.domain.scopes import EVERYTHING, PARENTS, parent_of
from contacts.domain.words import read_boolean, read_words, says_stop
from core.errors import BadInput


def read_address_cell(text: str) -> Address:
    """Give the address, with a remedy wherever it cannot be one.

    Raises:
        BadInput: it is no address that can be kept.
    """
    try:
        return read_address_to_keep(text)
    except BadInput as fault:
        raise BadInput(fault.message, remedy=fault.remedy or "Correct the address.") from None


def read_child(text: str) -> bool:
    """Say whether the cell says that this is a child.

    Raises:
        BadInput: it is neither yes nor no.
    """
    child = read_boolean(text)
    if child is None:
        raise BadInput("is neither yes nor no", remedy="Write yes or no.")
    return child


def read_opt_outs(text: str, name: str) -> tuple[str, ...]:
    """Read from what somebody opted out: from everything by a yes, or from the scopes listed.

    Raises:
        BadInput: it says neither.
    """
    if not text:
        return ()
    if not name and text in PARENTS:
        return (text,)
    stop = says_stop(text)
    if stop is not None:
        return (name or EVERYTHING,) if stop else ()
    if name:
        raise BadInput("is neither yes nor no", remedy="Write yes or no.")
    words = read_words(text)
    for word in words:
        _require_scope(word)
    return words


def known_opt_outs(text: str, name: str) -> tuple[str, ...]:
    """The scopes that are known in a cell that cannot be read as a whole: these are stopped all the same."""
    return () if name else tuple(word for word in read_words(text) if _is_scope(word))


def _is_scope(word: str) -> bool:
    try:
        parent_of(word)
    except BadInput:
        return False
    return True


def _require_scope(word: str) -> None:
    if not _is_scope(word):
        raise BadInput(
            "names no scope that is known", remedy=f"Write yes, no, {EVERYTHING}, or scopes such as research; offers."
        )
