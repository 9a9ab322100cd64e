"""The API's routes for a survey's figures: results, crosstabs, response rates; never an answer of one person."""

from typing import Annotated, Any

from fastapi import Path, Query

from core.operators import Role
from core.web.calls import ApiAnswer, ApiPlace, Call, Line, Told
from surveys.domain.crosstab_facts import table_facts
from surveys.domain.filter_words import told_term
from surveys.domain.hidden_tallies import facts_of
from surveys.domain.lenses import LARGEST, Lens
from surveys.domain.statistics.column_letters import Rules
from surveys.domain.statistics.corrections import Adjustment
from surveys.services.analyse import analyse
from surveys.services.cross_tabulate import CrossWish, cross_tabulate
from surveys.services.rate_responses import rate_responses
from surveys.storage.answer_figures import Looked
from surveys.storage.surveys import survey_numbered

LARGEST_NUMBER = 2**31 - 1
MOST = 20
NONE: list[str] = []

Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
Where = Annotated[
    list[Line],
    Query(max_length=MOST, description="Conditions that all must hold: went=yes|no, score>=7, @day>=2026-11-01."),
]
Population = Annotated[int | None, Query(ge=1, le=LARGEST, description="All of so many people were asked.")]
Weighted = Annotated[bool | None, Query(description="With the survey's weights; left out: where it has targets.")]
Variables = Annotated[
    list[Line], Query(min_length=1, max_length=MOST, description="A question, or one row: judged:food.")
]


class Standing(Told):
    """Which responses figures are about; `withheld`: they are anonymous and too few, and nothing is told."""

    survey: int
    name: str
    title: str
    responses: int | None
    everybody: int
    screened_out: int
    where: list[str]
    weighted: bool
    design_effect: float | None
    effective_n: float | None
    anonymous: bool
    withheld: bool


class QuestionFigures(Told):
    """What the answers to one question add up to; hidden counts are null."""

    name: str
    text: str
    answered: int
    hidden: bool
    tally: dict[str, Any]


class SurveyFigures(Standing):
    """All results of a survey."""

    questions: list[QuestionFigures]


class SurveyTables(Standing):
    """Questions set against each other."""

    tables: list[dict[str, Any]]


class SurveyRates(Told):
    """What became of everybody who was invited, and AAPOR's rates; an undefined rate is null."""

    survey: int
    invited: int
    dispositions: dict[str, int]
    e: float | None
    rates: dict[str, float | None]


def tell_results(
    call: Call, survey_id: Number, where: Where = NONE, weighted: Weighted = None, population: Population = None
) -> ApiAnswer:
    """Tell a survey's results: counts, shares, means and scores with their intervals."""
    survey = survey_numbered(call.session, survey_id)
    found = analyse(call.session, survey, Lens(tuple(where), weighted, population), at=call.at)
    questions = [
        QuestionFigures(
            name=each.question.name,
            text=each.question.text,
            answered=each.base.count,
            hidden=each.hidden,
            tally=facts_of(each.tally),
        )
        for each in found.results
    ]
    return SurveyFigures(**_standing(survey.id, survey.name, survey.title, found.looked), questions=questions)


def tell_crosstab(
    call: Call,
    survey_id: Number,
    rows: Variables,
    banner: Variables,
    adjust: Adjustment = Adjustment.BONFERRONI,
    minimum_base: Annotated[int, Query(ge=1, le=LARGEST)] = 30,
    where: Where = NONE,
    weighted: Weighted = None,
) -> ApiAnswer:
    """Set questions against each other, with tests and letters."""
    survey = survey_numbered(call.session, survey_id)
    wish = CrossWish(tuple(rows), tuple(banner), Rules(adjustment=adjust, minimum_base=minimum_base))
    found = cross_tabulate(call.session, survey, wish, Lens(tuple(where), weighted), at=call.at)
    tables = [table_facts(table) for part in found.parts for table in part.tables]
    return SurveyTables(**_standing(survey.id, survey.name, survey.title, found.looked), tables=tables)


def tell_response_rates(
    call: Call, survey_id: Number, e: Annotated[float | None, Query(ge=0, le=1)] = None
) -> ApiAnswer:
    """Tell what became of everybody who was invited, and all response rates."""
    survey = survey_numbered(call.session, survey_id)
    found = rate_responses(call.session, survey, e=e)
    counts = {each.name: each.count for each in found.lines}
    rates = found.rates.named()
    return SurveyRates(survey=survey.id, invited=found.invited, dispositions=counts, e=found.rates.e, rates=rates)


def _standing(number: int, name: str, title: str, looked: Looked) -> dict[str, Any]:
    mass = looked.mass if looked.weighed and not looked.withheld else None
    return {
        "survey": number,
        "name": name,
        "title": title,
        "responses": None if looked.withheld else looked.size,
        "everybody": looked.everybody,
        "screened_out": looked.screened,
        "where": [told_term(term, looked.asked.by_name) for term in looked.chosen.terms],
        "weighted": looked.weighed is not None,
        "design_effect": mass.design_effect if mass else None,
        "effective_n": mass.effective if mass else None,
        "anonymous": looked.anonymous,
        "withheld": looked.withheld,
    }


API_PLACES = (
    ApiPlace("/surveys/{survey_id}/results", tell_results, SurveyFigures, Role.ANALYST, method="GET", also=(404,)),
    ApiPlace("/surveys/{survey_id}/crosstab", tell_crosstab, SurveyTables, Role.ANALYST, method="GET", also=(404,)),
    ApiPlace(
        "/surveys/{survey_id}/response-rates", tell_response_rates, SurveyRates, Role.ANALYST, method="GET", also=(404,)
    ),
)
