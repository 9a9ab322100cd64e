"""Console pages of the built-in mailbox: captured mail as a mail program shows it, sealed from the world."""

from starlette.responses import Response

from campaigns.mail.mailbox import OpenedLetter, count_letters, list_letters, open_letter
from core.operators import Role
from core.web.sealed import sealed_page
from core.web.visits import Answer, Place, Visit

LIST = "/console/mailbox"
PAGE = LIST + "/{name}"
SHOWN = 50
PARTS = ("html", "text", "headers")


def show_mailbox(visit: Visit) -> Answer:
    """The captured mail, newest first."""
    return _mailbox(visit, None, begin=visit.number("from") or 0)


def find_letters(visit: Visit) -> Answer:
    """The mail to an address, or to a part of one; asked by POST, so that no address stands in a URL (P1)."""
    return _mailbox(visit, None, to=visit.text("to"))


def show_letter(visit: Visit) -> Answer:
    """One mail beside the list."""
    return _mailbox(visit, open_letter(visit.settings.mailbox_dir, str(visit.path["name"])))


def _mailbox(visit: Visit, opened: OpenedLetter | None, *, to: str = "", begin: int = 0) -> Answer:
    folder = visit.settings.mailbox_dir
    letters = list_letters(folder, to=to, limit=SHOWN + 1, offset=begin)
    asked = visit.query("part") or "html"
    part = asked if asked in PARTS else "html"
    return visit.page(
        "console/mailbox.html",
        letters=letters[:SHOWN],
        total=count_letters(folder),
        to=to,
        opened=opened,
        part="text" if part == "html" and opened and not opened.has_html else part,
        captures=visit.settings.smtp_url.get_secret_value().startswith("capture:"),
        first=LIST if begin else None,
        next=f"{LIST}?from={begin + SHOWN}" if len(letters) > SHOWN and not to else None,
    )


def show_html(visit: Visit) -> Answer:
    """The HTML part alone, sealed, for the frame."""
    return sealed_page(open_letter(visit.settings.mailbox_dir, str(visit.path["name"])).html)


def download_letter(visit: Visit) -> Answer:
    """The mail as it was handed over, byte for byte."""
    opened = open_letter(visit.settings.mailbox_dir, str(visit.path["name"]))
    headers = {"Content-Disposition": f'attachment; filename="{opened.name}.eml"'}
    return Response(opened.raw, media_type="message/rfc822", headers=headers)


PLACES = (
    Place(LIST, show_mailbox, role=Role.EDITOR),
    Place(LIST, find_letters, methods=("POST",), role=Role.EDITOR),
    Place(PAGE, show_letter, role=Role.EDITOR),
    Place(f"{PAGE}/html", show_html, role=Role.EDITOR),
    Place(f"{PAGE}/raw", download_letter, role=Role.EDITOR),
)
