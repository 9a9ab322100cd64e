"""Slips of whoever writes a campaign: characters that no line can carry, and keys that slid under [content]."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from campaigns.domain.toml_text import line_of
from core.errors import BadInput
from core.language import gettext as _

LONGEST_LINE = 255
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_FILES = ("html_file", "text_file")


def is_line(value: str) -> bool:
    """Whether it can go out as one line: short enough, without line breaks and control characters."""
    return len(value) <= LONGEST_LINE and not _CONTROL.search(value)


def line_remedy(value: str) -> str | None:
    """What to do about a line that cannot go out; None where its sentence says enough."""
    found = _CONTROL.search(value)
    if found is None:
        return None
    return _("Take out the control character at place {place} (U+{code}).").format(
        place=found.start() + 1, code=f"{ord(found[0]):04X}"
    )


def refuse_misplaced(given: Mapping[str, Any], own: Iterable[str], text: str) -> None:
    """Refuse a key of the campaign itself that stands under [content], where it would do nothing.

    A word that the mail uses as {{ content.word }} is content; so may be `html` and `text` where files are named.

    Raises:
        BadInput: with its line, and where it belongs.
    """
    content = given.get("content")
    if not isinstance(content, dict):
        return
    spared = {"html", "text"} if any(each in given for each in _FILES) else set()
    for key in own:
        if key in content and key not in given and key not in spared and f"content.{key}" not in text:
            raise BadInput(
                _("“{key}” stands under [content], where it means nothing.").format(key=key),
                field=f"content.{key}",
                line=line_of(text, "content", key),
                remedy=_("It is a key of the campaign itself: write it above the line [content]."),
            )
