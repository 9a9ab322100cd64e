"""Import modes: what a table of people may do to who is known and who is not; none of them permits anything (G8)."""

from enum import StrEnum


class ImportMode(StrEnum):
    """What an import does. Opt-outs and child flags count in every mode, for everybody the table names.

    ADD         who is new becomes a contact; who is known stays as they are
    FILL        the same, and empty profile fields of who is known are filled
    UPDATE      profile fields of who is known become what the table says; empty cells change nothing, nobody is added
    RESTRICT    a suppression list: everybody in it is opted out of everything; nobody is added, no profile changes

    A consent is taken in ADD and FILL alone, and only with an address that was never heard of (decision 0005).
    """

    ADD = "add"
    FILL = "fill"
    UPDATE = "update"
    RESTRICT = "restrict"

    @property
    def adds(self) -> bool:
        """Whether somebody who is new becomes a contact."""
        return self in {ImportMode.ADD, ImportMode.FILL}
