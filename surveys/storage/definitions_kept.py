"""Published definitions, read once a process: they never change, and every answer needs one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from contacts.storage.contacts import Contact
from surveys.domain.definitions import Survey as Definition
from surveys.domain.survey_files import table_of
from surveys.storage.surveys import Survey, published

MOST = 256
_Shelf = dict[tuple[int, int, datetime], "Known"]
_shelves: WeakKeyDictionary[Engine | Connection, _Shelf] = WeakKeyDictionary()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Known:
    """A published version, and whether anything in it asks for fields of the contact."""

    definition: Definition
    asks_contact: bool


def known_version(session: Session, survey: Survey, number: int) -> Known:
    """A published version, the same object at each call of this process.

    Raises:
        NotFound: no such version was published.
    """
    key = (survey.id, number, survey.updated_at)
    with _lock:
        shelf = _shelves.setdefault(session.get_bind(), {})
        found = shelf.get(key)
    if found is None:
        definition = published(session, survey, number)
        found = Known(definition, "contact." in str(table_of(definition)))
        with _lock:
            if len(shelf) >= MOST:
                shelf.clear()
            shelf[key] = found
    return found


def fields_of(contact: Contact | None) -> Mapping[str, str | float]:
    """What conditions and texts of a survey may ask of a person."""
    if contact is None:
        return {}
    attributes: Mapping[str, Any] = contact.attributes
    given = {name: value for name, value in attributes.items() if isinstance(value, (str, int, float))}
    return {**given, "given_name": contact.given_name, "family_name": contact.family_name, "locale": contact.locale}
