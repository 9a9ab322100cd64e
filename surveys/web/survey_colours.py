"""The style sheet of a survey's own colours: made from the address alone, the same for everybody, kept by browsers."""

from starlette.responses import Response

from core.errors import NotFound
from core.language import gettext as _
from core.web.visits import Answer, Place, Visit
from surveys.domain.themes import style_sheet

PATH = "/s-colours/{theme}.css"
A_WEEK = 604_800


def show_colours(visit: Visit) -> Answer:
    """The style sheet; nothing but colours and one of two fonts can be in it."""
    sheet = style_sheet(str(visit.path["theme"]))
    if sheet is None:
        raise NotFound(_("There are no such colours."))
    return Response(sheet, media_type="text/css", headers={"Cache-Control": f"public, max-age={A_WEEK}, immutable"})


PLACES = (Place(PATH, show_colours, session=False),)
