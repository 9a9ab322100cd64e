"""Knows what the columns of a table of people mean, by their names in several languages, for the import."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contacts.domain.headings import KNOWN, Field, folded
from contacts.domain.scopes import is_permittable, parent_of
from contacts.domain.words import GOING, STOPPED
from core.errors import BadInput

LONGEST_KEY = 64


@dataclass(frozen=True)
class Target:
    """Where a column goes: a field, and for attributes, opt-outs and consents perhaps the one that it speaks of."""

    field: Field
    name: str = ""

    def __str__(self) -> str:
        return f"{self.field}.{self.name}" if self.name else str(self.field)


_WORD = re.compile(r"[^\W_]")
_SECOND = re.compile(r" \(\d+\)$")  # as `name_columns` writes it
# A column of these may stand more than once: what restricts adds up, and so do topics and attributes.
_MANY = frozenset({Field.OPT_OUTS, Field.CONSENTS, Field.CHILD, Field.BIRTH_DATE, Field.ATTRIBUTES, Field.IGNORE})
_STATUS = frozenset({"status", "subscriptionstatus", "emailstatus", "subscriberstatus"})


def name_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own: an empty one is named by its place, a second one by its number."""
    names: list[str] = []
    for place, cell in enumerate(header, 1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"column {place}"
        bare, number = name, 1
        while name in names:
            number += 1
            name = f"{bare} ({number})"
        names.append(name)
    return tuple(names)


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first record names the columns: it has no @, and has a known name or addresses below it."""
    first, below = rows[0], rows[1:]
    if any("@" in cell for cell in first):
        return False
    return any(folded(cell) in KNOWN for cell in first) or any("@" in cell for row in below for cell in row)


def read_target(written: str) -> Target:
    """Read a field as written in ``--map``: ``locale``, ``attributes.country``, ``opt_outs.research``, ``ignore``.

    Raises:
        BadInput: there is no such field, attribute name or scope.
    """
    head, _, name = written.strip().partition(".")
    try:
        target = Target(Field("address" if head == "email" else head), name)
    except ValueError:
        fields = ", ".join(Field)
        raise BadInput(
            f"There is no field “{head}”.", field="map", remedy=f"Fields are: {fields}, attributes.<name>."
        ) from None
    if target.field is Field.ATTRIBUTES and name:
        return Target(Field.ATTRIBUTES, attribute_key(name))
    if target.field is Field.OPT_OUTS and name:
        parent_of(name)
    elif target.field is Field.CONSENTS and name and not is_permittable(name):
        raise BadInput(f"There is no topic “{name}”.", field="map", remedy="For example: consents.updates.")
    elif name and target.field not in {Field.OPT_OUTS, Field.CONSENTS}:
        raise BadInput(f"The field “{head}” has no parts.", field="map", remedy=f"Write {head} alone.")
    return target


def read_choices(pairs: Iterable[str]) -> dict[str, Target]:
    """Read what was given as ``--map "Column=field"``, one pair each.

    Raises:
        BadInput: a pair has no equals sign, or names no field.
    """
    choices = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or not column.strip():
            raise BadInput("A mapping needs an equals sign.", field="map", remedy='Write --map "Column=field".')
        choices[" ".join(column.split())] = read_target(field)
    return choices


def map_columns(
    columns: Sequence[str], chosen: Mapping[str, Target] | None = None, samples: Sequence[Sequence[str]] = ()
) -> tuple[Target, ...]:
    """Say for each column where it goes: as chosen, else by its name; a column of no known name is an attribute.

    ``samples`` are some first records; they tell which unnamed column holds the addresses.

    Raises:
        BadInput: a chosen column is not there, two columns are the same field, or none holds the address.
    """
    chosen = chosen or {}
    for column in set(chosen) - set(columns):
        raise BadInput(
            f"There is no column “{column}”.", field="map", remedy=f"Columns are: {', '.join(columns[:30])}."
        )
    targets = _without_doubles(columns, chosen)
    for at, column in enumerate(columns):
        if column not in chosen and folded(column) in _STATUS and _is_status([row[at] for row in samples]):
            targets[at] = Target(Field.OPT_OUTS)
    if not any(target.field is Field.ADDRESS for target in targets):
        targets[_address_column(columns, targets, chosen, samples)] = Target(Field.ADDRESS)
    return tuple(targets)


def _without_doubles(columns: Sequence[str], chosen: Mapping[str, Target]) -> list[Target]:
    taken = {target.field for target in chosen.values()}
    if len([1 for target in chosen.values() if target.field not in _MANY]) > len(taken - _MANY):
        raise BadInput("Two columns are mapped to the same field.", field="map", remedy="Map one of them to ignore.")
    targets, keys = [], {target.name for target in chosen.values() if target.field is Field.ATTRIBUTES}
    for column in columns:
        target = chosen.get(column) or Target(KNOWN.get(folded(column), Field.ATTRIBUTES), "")
        if column not in chosen and KNOWN.get(folded(_SECOND.sub("", column))) is Field.ADDRESS:
            # somebody's other address is nothing to keep unasked
            target = Target(Field.IGNORE if Field.ADDRESS in taken else Field.ADDRESS)
        elif column not in chosen and _is_free(column, target, taken):
            target = Target(Field.ATTRIBUTES, _own_key(column, keys))
        taken.add(target.field)
        targets.append(target)
    return targets


def _is_free(column: str, target: Target, taken: set[Field]) -> bool:
    """Is this a column of no known name, or a second one of a field that can be there once?"""
    return folded(column) not in KNOWN or (target.field in taken and target.field not in _MANY)


def _own_key(column: str, keys: set[str]) -> str:
    bare, number = (attribute_key(column.removeprefix("attributes.")) if _WORD.search(column) else "column"), 1
    key = bare
    while key in keys:
        number += 1
        key = f"{bare}_{number}"
    keys.add(key)
    return key


def _is_status(cells: Sequence[str]) -> bool:
    words = {cell.strip().casefold() for cell in cells} - {""}
    return bool(words) and words <= STOPPED | GOING


def _address_column(
    columns: Sequence[str], targets: Sequence[Target], chosen: Mapping[str, Target], samples: Sequence[Sequence[str]]
) -> int:
    """Find the one column whose cells look like addresses, where no name told it."""
    found = []
    for at, target in enumerate(targets):
        cells = [row[at].strip() for row in samples if row[at].strip()]
        if columns[at] not in chosen and target.field is Field.ATTRIBUTES and cells and all("@" in c for c in cells):
            found.append(at)
    if len(found) == 1:
        return found[0]
    raise BadInput(
        "No column is known to hold the address." if not found else "More than one column may hold the address.",
        field="map",
        remedy=f'Name it with --map "Column=address". Columns are: {", ".join(columns[:30])}.',
    )


def attribute_key(column: str) -> str:
    """Give the attribute's name for a column: small letters, figures and underscores of any script.

    Raises:
        BadInput: nothing is left of the name.
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", column).lower())
    key = "_".join(words).strip("_")[:LONGEST_KEY].strip("_")
    if not key:
        raise BadInput(f"“{column}” cannot name an attribute.", field="map", remedy="Use letters and figures.")
    return key
