"""The API's routes for a survey's figures: results, crosstabs, response rates; never an answer of one person."""

from typing import Annotated, Any, Literal

from pydantic import Field

from core.operators import Role
from core.web.calls import ApiAnswer, ApiPlace, Call, Given, Line, Told
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

Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
Lines = Annotated[list[Line], Field(max_length=MOST)]
Variables = Annotated[list[Line], Field(min_length=1, max_length=MOST, examples=[["judged:food"]])]


class Asking(Given):
    """Which survey, and which of its responses: `where` holds conditions like `went=yes|no`, `score>=7`.

    `weighted` left out: where the survey has targets. `population`: all of so many people were asked. Conditions stand
    in no URL, as nothing does that somebody wrote.
    """

    survey: Number
    where: Lines = Field(default_factory=list)
    weighted: bool | None = None
    population: int | None = Field(default=None, ge=1, le=LARGEST)

    @property
    def lens(self) -> Lens:
        """How the results are looked at."""
        return Lens(tuple(self.where), self.weighted, self.population)


class CrossAsking(Asking):
    """What is set against what: questions, or rows of them like `judged:food`."""

    rows: Variables
    banner: Variables
    adjust: Literal["bonferroni", "holm", "none"] = "bonferroni"
    minimum_base: int = Field(default=30, ge=1, le=LARGEST)


class RateAsking(Given):
    """Whose rates; `e` is the share of the unknown taken as eligible, worked out where it is left out."""

    survey: Number
    e: float | None = Field(default=None, ge=0, le=1)


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


class PageFigures(Told):
    """How many stopped on a page, the share of all who began, and the median seconds that the others spent on it."""

    name: str
    text: str
    stopped: int
    share: float | None
    seconds: float | None


class SurveyFigures(Standing):
    """All results of a survey; `minutes` is the median time from beginning to end. Of anonymous ones no times."""

    questions: list[QuestionFigures]
    minutes: float | None
    pages: list[PageFigures]


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


def tell_results(call: Call, given: Asking) -> ApiAnswer:
    """Tell a survey's results: counts, shares, means and scores with their intervals."""
    survey = survey_numbered(call.session, given.survey)
    found = analyse(call.session, survey, given.lens, at=call.at)
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
    standing = _standing(survey.id, survey.name, survey.title, found.looked)
    pages = [PageFigures(**each.facts()) for each in found.pages]
    return SurveyFigures(**standing, questions=questions, minutes=found.minutes, pages=pages)


def tell_crosstab(call: Call, given: CrossAsking) -> ApiAnswer:
    """Set questions against each other, with tests and letters."""
    survey = survey_numbered(call.session, given.survey)
    rules = Rules(adjustment=Adjustment(given.adjust), minimum_base=given.minimum_base)
    wish = CrossWish(tuple(given.rows), tuple(given.banner), rules)
    found = cross_tabulate(call.session, survey, wish, given.lens, at=call.at)
    tables = [table_facts(table) for part in found.parts for table in part.tables]
    return SurveyTables(**_standing(survey.id, survey.name, survey.title, found.looked), tables=tables)


def tell_response_rates(call: Call, given: RateAsking) -> ApiAnswer:
    """Tell what became of everybody who was invited, and all response rates."""
    survey = survey_numbered(call.session, given.survey)
    found = rate_responses(call.session, survey, e=given.e)
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
    ApiPlace("/surveys/results", tell_results, SurveyFigures, Role.ANALYST, also=(404,)),
    ApiPlace("/surveys/crosstab", tell_crosstab, SurveyTables, Role.ANALYST, also=(404,)),
    ApiPlace("/surveys/response-rates", tell_response_rates, SurveyRates, Role.ANALYST, also=(404,)),
)
