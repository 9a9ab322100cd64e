"""Console pages for open texts: read and searched without names, their words, quotes as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from core.errors import HeedfulError
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.lenses import WHOLE
from surveys.domain.quotes import quote_lines
from surveys.services.read_texts import TextWish, count_text_words, quotes_of, read_texts
from surveys.web.lens_forms import lens_form, safely
from surveys.web.survey_asking import own_name
from surveys.web.survey_pages import LIST, PAGE, survey_of_visit

TEXTS = PAGE + "/answers/{question}"
LONGEST_SEARCH = 200
LARGEST_NUMBER = 2**63 - 1


def _wish(visit: Visit) -> TextWish:
    return TextWish(visit.query("search")[:LONGEST_SEARCH], visit.query("code"), number_of(visit.query("after")))


def number_of(written: str) -> int:
    """The number of a response, 0 for anything else; those of anonymous ones have up to 19 digits."""
    fits = written.isascii() and written.isdigit() and len(written) <= len(str(LARGEST_NUMBER))
    return min(int(written), LARGEST_NUMBER) if fits else 0


def _own(wish: TextWish) -> Mapping[str, Sequence[str]]:
    return {"search": [wish.search] if wish.search else [], "code": [wish.code] if wish.code else []}


def show_texts(visit: Visit) -> Answer:
    """The open texts of one question, page by page, without names."""
    survey, name, wish = survey_of_visit(visit), str(visit.path["question"]), _wish(visit)
    lens, wrong = safely(visit)
    try:
        found = read_texts(visit.session, survey, name, wish, lens, at=visit.at)
    except HeedfulError as refused:
        wrong = refused.plainly
        found = read_texts(visit.session, survey, name, wish, replace(WHOLE, weighted=False), at=visit.at)
    own = _own(wish)
    query = lens.query(**own)
    here = f"{LIST}/{survey.id}/answers/{name}"
    onwards = f"{here}?{lens.query(**own, after=str(found.following))}"
    return visit.page(
        "console/surveys/texts.html",
        status=422 if wrong else 200,
        survey=survey,
        found=found,
        lens=lens_form(visit, survey, lens, found.looked, error=wrong, own=own),
        wish=wish,
        place=here,
        query=query,
        results=lens.query(),
        first=f"{here}?{query}" if wish.after else None,
        next=onwards if found.following else None,
    )


def show_words(visit: Visit) -> Answer:
    """What the texts are about: words by language, codes, and what goes together."""
    survey, name = survey_of_visit(visit), str(visit.path["question"])
    lens, wrong = safely(visit)
    try:
        found = count_text_words(visit.session, survey, name, lens, at=visit.at)
    except HeedfulError as refused:
        wrong = refused.plainly
        found = count_text_words(visit.session, survey, name, replace(WHOLE, weighted=False), at=visit.at)
    context: dict[str, Any] = {
        "place": f"{LIST}/{survey.id}/answers/{name}",
        "results": lens.query(),
        "own_name": own_name,
    }
    form = lens_form(visit, survey, lens, found.looked, error=wrong)
    status = 422 if wrong else 200
    return visit.page("console/surveys/words.html", status=status, survey=survey, found=found, lens=form, **context)


def give_quotes(visit: Visit) -> Answer:
    """The texts asked for as CSV, without names and numbers."""
    survey, name = survey_of_visit(visit), str(visit.path["question"])
    lens, _wrong = safely(visit)
    quotes = quotes_of(visit.session, survey, name, _wish(visit), lens, at=visit.at)
    headers = {"Content-Disposition": f'attachment; filename="{survey.name}-{name}-quotes.csv"'}
    body = "".join(quote_lines(quotes))
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


PLACES = (
    Place(TEXTS, show_texts, role=Role.ANALYST),
    Place(TEXTS + "/words", show_words, role=Role.ANALYST),
    Place(TEXTS + "/quotes.csv", give_quotes, role=Role.ANALYST),
)
