"""Click-throughs: /c/<token> leads at once to the one stored destination; whether it is kept is judged afterwards."""

from starlette.responses import RedirectResponse

from campaigns.domain.click_tokens import read_click
from campaigns.domain.link_checks import as_location
from campaigns.domain.machines import Hit
from campaigns.web.click_keeping import keeper_of
from core.errors import NotFound
from core.language import gettext as _
from core.web.visits import Answer, Place, Visit

HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def redirect(visit: Visit) -> Answer:
    """Lead on; GET and HEAD are safe, and only a GET that looks like a reader's is ever kept."""
    clicked = read_click(visit.keyring, visit.path["token"])
    keeper = keeper_of(visit.database, visit.settings)
    url = keeper.destination(clicked.link_id)
    if url is None:
        raise NotFound(_("This link leads nowhere any more."))
    keeper.note(clicked, Hit(visit.request.method, visit.at, visit.request.headers))
    return RedirectResponse(as_location(url), status_code=302, headers=HEADERS)


PLACES = (Place("/c/{token}", redirect, methods=("GET", "HEAD"), session=False),)
