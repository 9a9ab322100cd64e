"""Pictures of choices: carried in the definition itself, so that a survey loads nothing from anywhere else (P17)."""

import base64
import binascii
import re

from core.language import gettext as _

LARGEST_PICTURE = 100_000
BEGINNINGS = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
}
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/]+={0,2})")


def picture_fault(written: str) -> tuple[str, str] | None:
    """What is wrong with a picture written as a data address, and what to do; None for a good one.

    A picture with scripts of its own (SVG) is none of the kinds taken; that it is what it says it is, its first bytes
    must show.
    """
    found = _PICTURE.fullmatch(written)
    if found is None:
        return _("A picture must be part of the survey."), _(
            "Write it as data:image/png;base64,… (png, jpeg, gif, webp)."
        )
    try:
        content = base64.b64decode(found[2], validate=True)
    except binascii.Error:
        return _("A picture is not complete."), _("Write it again.")
    if len(content) > LARGEST_PICTURE:
        return _("A picture has more than {most} bytes.").format(most=LARGEST_PICTURE), _("Make it smaller.")
    if not content.startswith(BEGINNINGS[found[1]]) or (found[1] == "webp" and content[8:12] != b"WEBP"):
        return _("A picture is not of the kind “{kind}”.").format(kind=found[1]), _("Save it again as that kind.")
    return None
