"""Partnerships: what is agreed with a partner, what may be handed to them and why, and what brings them to a stop."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Protocol, Self

from contacts.domain.addresses import read_address_to_keep
from core.cards import mask_card_numbers
from core.errors import BadInput

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ADDRESS = "address"
PROFILE = (ADDRESS, "given_name", "family_name", "locale", "time_zone", "source")
"""What can stand on an allow-list by itself; any other field is an attribute, named as attributes.country."""
ATTRIBUTE = "attributes."
LONGEST_TITLE = 200
MOST_DAYS = 30
"""A partner has at most this long to heed our opt-out list."""


class Purpose(StrEnum):
    """What a partner may be given somebody's data for; there is no third (P10)."""

    ORDER = "order"
    INFORM = "inform"


class Standstill(StrEnum):
    """Why nothing is mailed for a partner and nothing handed to them."""

    UNKNOWN = "unknown"
    INACTIVE = "inactive"
    UNACKNOWLEDGED = "unacknowledged"
    LIST_DUE = "list_due"


STANDSTILLS = {
    Standstill.UNKNOWN: "The partner “{title}” is not in the registry.",
    Standstill.INACTIVE: "The partner “{title}” is not active.",
    Standstill.UNACKNOWLEDGED: "The partner “{title}” has not acknowledged our opt-out list in time.",
    Standstill.LIST_DUE: "The partner “{title}” has not been given the opt-out list that is due.",
}


class Person(Protocol):
    """What is known of a person that could be handed to a partner."""

    attributes: Any


@dataclass(frozen=True)
class Terms:
    """What is agreed with a partner."""

    title: str
    contract_reference: str
    privacy_email: str
    suppression_email: str
    fields: tuple[str, ...] = (ADDRESS,)
    acknowledge_days: int = 7

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """The terms as somebody wrote them, tidied up.

        Raises:
            BadInput: naming the field that cannot be used.
        """
        return cls(
            title=_words(given, "title", "A partner needs a title: the company's name, as people know it."),
            contract_reference=_words(
                given, "contract_reference", "A partner needs a contract: say where it can be found."
            ),
            privacy_email=_email(given, "privacy_email"),
            suppression_email=_email(given, "suppression_email"),
            fields=read_fields(given.get("fields") or ()),
            acknowledge_days=_days(given.get("acknowledge_days", 7)),
        )

    def as_json(self) -> dict[str, Any]:
        """The terms as they are kept."""
        return asdict(self) | {"fields": list(self.fields)}


def read_partner_name(written: str) -> str:
    """The short name of a partner, which stands in its scopes for ever.

    Raises:
        BadInput: it is no such name.
    """
    name = written.strip().lower()
    if not _NAME.fullmatch(name):
        raise BadInput(
            "A partner's short name has small letters, digits and hyphens only, and 40 of them at most.",
            field="name",
            remedy="Write a name such as acme.",
        )
    return name


def read_fields(written: Sequence[str]) -> tuple[str, ...]:
    """The allow-list: which fields may be handed to a partner, in their order, each once.

    Raises:
        BadInput: a field is none that may ever be handed to anybody.
    """
    names = tuple(dict.fromkeys(name.strip() for name in written if name.strip()))
    for name in names:
        attribute = name.startswith(ATTRIBUTE) and len(name) > len(ATTRIBUTE)
        if name not in PROFILE and not attribute:
            raise BadInput(
                f"The field “{name}” cannot be handed to a partner.",
                field="fields",
                remedy="Fields are: " + ", ".join(PROFILE) + ", and an attribute as in attributes.country.",
            )
    return names


def value_of(person: Person, field: str) -> Any:
    """What a field of the allow-list holds for a person."""
    if field.startswith(ATTRIBUTE):
        return person.attributes.get(field.removeprefix(ATTRIBUTE))
    return getattr(person, field)


def read_purpose(purpose: str, reference: str) -> tuple[Purpose, str]:
    """Why something is handed over: one of the two purposes, and in words which order or which information.

    Raises:
        BadInput: one of the two is missing.
    """
    if purpose not in set(Purpose):
        raise BadInput(
            "Data goes to a partner only to fulfil an order or to keep people informed.",
            field="purpose",
            remedy="Choose one of the two.",
        )
    said = " ".join(mask_card_numbers(reference).split())
    if not said:
        raise BadInput("Say what it is for: which orders, or which information.", field="reference")
    return Purpose(purpose), said[:LONGEST_TITLE]


def _words(given: Mapping[str, Any], name: str, lacking: str) -> str:
    said = " ".join(mask_card_numbers(str(given.get(name) or "")).split())
    if not said:
        raise BadInput(lacking, field=name)
    if len(said) > LONGEST_TITLE:
        raise BadInput(f"This is longer than {LONGEST_TITLE} characters.", field=name)
    return said


def _email(given: Mapping[str, Any], name: str) -> str:
    try:
        return read_address_to_keep(str(given.get(name) or "")).delivery
    except BadInput as error:
        raise BadInput(error.message, field=name) from None


def _days(given: Any) -> int:
    said = str(given).strip()
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= MOST_DAYS):
        raise BadInput(
            f"A partner has 1 to {MOST_DAYS} days to acknowledge the opt-out list.", field="acknowledge_days"
        )
    return int(said)
