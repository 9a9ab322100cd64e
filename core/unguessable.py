"""Unguessable names by the thousand: hashes of a counter under a key that only this process knows.

The system's own random bytes cost up to a tenth of what writing a whole mail does, asked for once a mail.
"""

import os
from hashlib import blake2b
from itertools import count
from secrets import token_bytes

_HEX_BYTES = 16


class _Source:
    """A key and how often it was used; a forked process gets a key of its own."""

    def __init__(self) -> None:
        self.renew()
        os.register_at_fork(after_in_child=self.renew)

    def renew(self) -> None:
        self.keyed = blake2b(key=token_bytes(64), digest_size=_HEX_BYTES)
        self.numbers = count()


_source = _Source()


def unguessable() -> str:
    """32 hexadecimal digits that nobody can guess and that never come twice."""
    one = _source.keyed.copy()
    one.update(next(_source.numbers).to_bytes(8, "big"))
    return one.hexdigest()
