"""Edits of many contacts at once: profile fields and restrictions, and nothing that could permit (G8)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from contacts.domain.cell_reading import Attribute, read_attribute, read_locale, read_time_zone
from contacts.domain.columns import attribute_key
from contacts.domain.facts import Kind
from contacts.domain.intake import merged_attributes
from contacts.domain.permission import BLOCKING
from contacts.domain.scopes import EVERYTHING, parent_of
from core.errors import BadInput


@dataclass(frozen=True)
class Edit:
    """What becomes of each contact; None leaves a field as it is."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    cleared: tuple[str, ...] = ()
    locale: str | None = None
    time_zone: str | None = None
    opt_outs: tuple[str, ...] = ()
    child: bool = False

    @property
    def restricts(self) -> bool:
        """Whether anybody is stopped by it: then it needs evidence."""
        return bool(self.opt_outs) or self.child

    @property
    def says_nothing(self) -> bool:
        """Whether it would change nobody."""
        return self == Edit()

    def as_json(self) -> dict[str, Any]:
        """The edit as it is kept with its history."""
        return asdict(self) | {"cleared": list(self.cleared), "opt_outs": list(self.opt_outs)}


def read_edit(
    *,
    pairs: Iterable[str] = (),
    cleared: Iterable[str] = (),
    language: str = "",
    time_zone: str = "",
    opt_outs: Iterable[str] = (),
    child: bool = False,
) -> Edit:
    """Read what somebody wrote; ``pairs`` are written as ``country=DE``.

    Raises:
        BadInput: a part cannot be used, nothing is to be changed, or an attribute is both set and cleared.
    """
    attributes = dict(_pair(each) for each in pairs)
    empty = tuple(dict.fromkeys(attribute_key(name) for name in cleared))
    for name in attributes.keys() & set(empty):
        raise BadInput(f"“{name}” is both set and cleared.", field="set", remedy="Choose one of the two.")
    scopes = tuple(dict.fromkeys(opt_outs))
    for scope in scopes:
        parent_of(scope)
    edit = Edit(
        attributes=attributes,
        cleared=empty,
        locale=_read(read_locale, language, "language"),
        time_zone=_read(read_time_zone, time_zone, "time_zone"),
        opt_outs=scopes,
        child=child,
    )
    if edit.says_nothing:
        raise BadInput(
            "Nothing is to be changed.", field="set", remedy="Set or clear an attribute, or name an opt-out."
        )
    return edit


def _pair(written: str) -> tuple[str, Attribute]:
    name, equals, value = written.partition("=")
    if not equals or not value.strip():
        raise BadInput("An attribute needs a name and a value.", field="set", remedy="Write country=DE.")
    return attribute_key(name), _attribute(value)


def _attribute(value: str) -> Attribute:
    try:
        return read_attribute(value)
    except BadInput as fault:
        raise BadInput(f"The value {fault.message}.", field="set", remedy=fault.remedy) from None


def _read(read: Any, written: str, name: str) -> str | None:
    try:
        return read(written) or None
    except BadInput as fault:
        raise BadInput(f"It {fault.message}.", field=name, remedy=fault.remedy) from None


def changed_profile(profile: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """The fields that an edit changes of one profile, with their new values."""
    given = {"locale": edit.locale, "time_zone": edit.time_zone}
    changed: dict[str, Any] = {name: value for name, value in given.items() if value and value != profile[name]}
    left = {key: value for key, value in profile["attributes"].items() if key not in edit.cleared}
    attributes = merged_attributes(left, edit.attributes, overwrites=True)
    return changed | ({"attributes": attributes} if attributes != profile["attributes"] else {})


def new_restrictions(blocks: Collection[tuple[str, str]], edit: Edit) -> list[tuple[Kind, str]]:
    """What an edit stops of one person that was not stopped in that way before."""
    wanted = [(Kind.CHILD, EVERYTHING)] if edit.child else []
    wanted += [(Kind.OPT_OUT, scope) for scope in edit.opt_outs]
    return [(kind, scope) for kind, scope in wanted if (scope, BLOCKING[kind].value) not in blocks]
