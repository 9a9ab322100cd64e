"""What somebody says of all rows of a table at once, held to the same rules as what a row says itself."""

from datetime import datetime, timedelta

from contacts.domain.rows import Defaults
from contacts.domain.scopes import SHARING, TRACKING, is_permittable, parent_of
from core.errors import BadInput
from core.language import gettext as _

_TOMORROW = timedelta(days=1)
"""Somewhere it is tomorrow already."""


def require_sound(defaults: Defaults, topics: frozenset[str], at: datetime) -> None:
    """Refuse what would go into the ledger wrong for every row.

    Raises:
        BadInput: naming the field: a time that is still to come, a consent or an opt-out to nothing there is.
    """
    if defaults.source_at and defaults.source_at > at + _TOMORROW:
        remedy = _("Write when the addresses were collected.")
        raise BadInput(_("This time lies in the future."), field="source_time", remedy=remedy)
    for scope in defaults.consents:
        shares = scope.startswith(f"{SHARING}:") and is_permittable(scope)
        if not (scope in topics or scope == TRACKING or shares):
            known = ", ".join(sorted(topics | {TRACKING}))
            remedy = _("Topics are: {names}.").format(names=known)
            raise BadInput(_("There is no topic “{name}”.").format(name=scope), field="consents", remedy=remedy)
    for scope in defaults.opt_outs:
        parent_of(scope)
