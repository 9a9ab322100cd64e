"""Console pages for crosstabs and response rates."""

from core.errors import HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit, as_number
from surveys.domain.lenses import Lens
from surveys.domain.statistics.column_letters import Rules
from surveys.domain.statistics.corrections import Adjustment
from surveys.services.cross_tabulate import CrossWish, cross_tabulate
from surveys.services.rate_responses import rate_responses
from surveys.web.lens_forms import lens_form, safely
from surveys.web.survey_pages import PAGE, survey_of_visit

MOST = 20
LEVEL = 5
"""Per cent."""
SMALLEST_P = 0.001
SHOWS = ("column", "row", "count")


def wish_of(visit: Visit) -> CrossWish:
    """What the address asks for."""
    given = visit.request.query_params
    adjust, least = visit.query("adjust"), as_number(visit.query("minimum"))
    rules = Rules(
        LEVEL / 100,
        Adjustment(adjust) if adjust in set(Adjustment) else Adjustment.BONFERRONI,
        least or Rules().minimum_base,
    )
    rows, banner = (tuple(each for each in given.getlist(name) if each)[:MOST] for name in ("rows", "banner"))
    return CrossWish(rows, banner, rules)


def show_crosstabs(visit: Visit) -> Answer:
    """The questions chosen against each other, or the form to choose them."""
    survey, wish = survey_of_visit(visit), wish_of(visit)
    lens, wrong = safely(visit)
    try:
        found = cross_tabulate(visit.session, survey, wish, lens, at=visit.at)
    except HeedfulError as refused:
        wrong = refused.plainly
        found = cross_tabulate(visit.session, survey, CrossWish(), Lens(weighted=False), at=visit.at)
    shown = [each for each in visit.request.query_params.getlist("show") if each in SHOWS] or ["column"]
    own = {"rows": wish.rows, "banner": wish.banner, "show": shown}
    own |= {name: [visit.query(name)] for name in ("adjust", "minimum") if visit.query(name)}
    return visit.page(
        "console/surveys/crosstab.html",
        status=422 if wrong else 200,
        survey=survey,
        found=found,
        wish=wish,
        shown=shown,
        told=lambda formula: _(formula).format(level=LEVEL),
        p_value=p_value,
        lens=lens_form(visit, survey, lens, found.looked, error=wrong, own=own),
        query=lens.query(),
    )


def p_value(p: float) -> str:
    """A p as tables write it."""
    return "< .001" if p < SMALLEST_P else f"= {p:.3f}".replace("0.", ".", 1)


def show_response_rates(visit: Visit) -> Answer:
    """What became of everybody who was asked, and AAPOR's rates."""
    survey = survey_of_visit(visit)
    written = visit.query("e").replace(",", ".").removesuffix("%")
    e, wrong = _share(written)
    found = rate_responses(visit.session, survey, e=e)
    return visit.page(
        "console/surveys/rates.html", status=422 if wrong else 200, survey=survey, found=found, e=written, wrong=wrong
    )


def _share(written: str) -> tuple[float | None, bool]:
    """The share that is written as a share or in per cent, and whether it is none."""
    if not written:
        return None, False
    try:
        number = float(written)
    except ValueError:
        return None, True
    share = number / 100 if number > 1 else number
    return (share, False) if 0 <= share <= 1 else (None, True)


PLACES = (
    Place(PAGE + "/crosstab", show_crosstabs, role=Role.ANALYST),
    Place(PAGE + "/response-rates", show_response_rates, role=Role.ANALYST),
)
