"""Provenance: where a permission or a restriction came from, in words, out of what its event keeps beside it."""

from collections.abc import Iterator, Mapping
from typing import Any

from contacts.domain.policy import Source
from core.language import gettext as _

SOURCES = {
    Source.PURCHASE: _("at a purchase"),
    Source.DOWNLOAD: _("at a download"),
    Source.REGISTRATION: _("at a registration"),
    Source.CORRESPONDENCE: _("in correspondence"),
    Source.MAILING_LIST: _("on a mailing list"),
    Source.SURVEY: _("in a survey"),
}
SHORT = 12
"""Characters of a hash that tell two wordings apart on a line; the whole is in the ledger."""


def came_from(source: str | None, details: Mapping[str, Any]) -> Iterator[str]:
    """Source, file and line, form and page, and the wording that was agreed to, as far as they are known."""
    if source:
        yield SOURCES[Source(source)]
    if details.get("import"):
        line = details.get("line")
        told = _("import {number}, line {line}") if line else _("import {number}")
        yield told.format(number=details["import"], line=line)
    if details.get("form"):
        yield _("form “{form}”").format(form=details["form"])
    if details.get("page"):
        yield _("on {page}").format(page=details["page"])
    if details.get("wording_hash"):
        yield _("wording {digest}").format(digest=str(details["wording_hash"])[:SHORT])
