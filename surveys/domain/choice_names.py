"""Names for choices and rows as people write them, one a line: made from their words and free; for the editor."""

import re
import unicodedata
from collections.abc import Collection

LONGEST_NAME = 40
_NAMED = re.compile(r"\s*([a-z0-9][a-z0-9_]{0,39})\s*=\s*(.+)")


def choices_in(lines: str) -> list[dict[str, str]]:
    """Choices as people write them, one a line: “name = Label”, or a label alone, which gets a name from its words."""
    found: list[dict[str, str]] = []
    for line in lines.splitlines():
        if not line.strip():
            continue
        named = _NAMED.fullmatch(line)
        label = named[2].strip() if named else line.strip()
        name = named[1] if named else free_name(name_from(label), [each["name"] for each in found])
        found.append({"name": name, "label": label})
    return found


def name_from(label: str) -> str:
    """A stable name made from words: small letters without marks, digits, underscores."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: LONGEST_NAME - 4].strip("_") or "choice"


def free_name(name: str, taken: Collection[str]) -> str:
    """The name itself, or with the first number that makes it free."""
    number = 2
    free = name
    while free in taken:
        free = f"{name}_{number}"
        number += 1
    return free
