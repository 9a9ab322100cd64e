"""Surveys of SurveyJS (survey-core's JSON) as tables of ours."""

from collections.abc import Mapping
from typing import Any

from core.language import gettext as _
from surveys.domain.foreign.assembling import Assembly, ForeignPage, ForeignQuestion
from surveys.domain.foreign.carried import Carried
from surveys.domain.foreign.finishing import finished
from surveys.domain.foreign.surveyjs_kinds import told_kind

PROGRAM = "SurveyJS"
DEEPEST = 12
MOST_ELEMENTS = 1000
_UNKNOWN = (
    "enableIf",
    "requiredIf",
    "defaultValue",
    "defaultValueExpression",
    "setValueExpression",
    "validators",
    "resetValueIf",
)


def is_surveyjs(values: object) -> bool:
    """Say whether a JSON document looks like a survey of SurveyJS."""
    return isinstance(values, Mapping) and any(
        isinstance(values.get(key), list) for key in ("pages", "elements", "questions")
    )


def read_surveyjs(values: Mapping[str, Any]) -> Carried:
    """The survey of a SurveyJS document, as `is_surveyjs` knows it."""
    return _Reader(values).carried()


class _Reader:
    """One file on its way: first all questions, then what stands around them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.all = Assembly(PROGRAM, _tag(values.get("locale")) or "en")
        self.count = 0

    def carried(self) -> Carried:
        pages = self.values.get("pages")
        for number, page in enumerate(pages if isinstance(pages, list) else [self.values], 1):
            if isinstance(page, Mapping):
                self._page(page, number)
        return self._head()

    def _head(self) -> Carried:
        title = self.all.words(self.values.get("title"), "title", _("survey"))
        self.all.head = {
            "intro": self.all.words(self.values.get("description"), "intro", _("survey")),
            "thanks": self.all.words(self.values.get("completedHtml"), "thanks", _("survey")),
            "review": self.values.get("showPreviewBeforeComplete")
            in (True, "showAllQuestions", "showAnsweredQuestions"),
        }
        for key in ("triggers", "calculatedValues", "completedHtmlOnCondition", "navigateToUrl", "maxTimeToFinish"):
            if self.values.get(key):
                self.all.report.note(_("survey"), _("“{key}” was left out.").format(key=key))
        return finished(self.all, str(self.values.get("name") or ""), title)

    def _page(self, page: Mapping[str, Any], number: int) -> None:
        theirs = str(page.get("name") or f"page{number}")
        name, place = self.all.names.of(f"page {theirs}", fallback="page"), _("page “{name}”").format(name=theirs)
        own = page is not self.values
        table: dict[str, Any] = {"name": name}
        for key, theirs_key in (("title", "title"), ("text", "description")) if own else ():
            if words := self.all.words(page.get(theirs_key), f"page:{name}.{key}", place):
                table[key] = words
        if page.get("questionsOrder") == "random" or page.get("questionOrder") == "random":
            table["shuffle"] = True
        made = ForeignPage(table, place, _conditions(page))
        self.all.pages.append(made)
        self._elements(page.get("elements") or page.get("questions"), made, (), 0)

    def _elements(self, elements: object, page: ForeignPage, outer: tuple[str, ...], depth: int) -> None:
        if depth == DEEPEST:
            message = _("What stands more than {most} panels deep was left out.").format(most=DEEPEST)
            self.all.report.note(page.place, message)
            return
        for element in elements if isinstance(elements, list) else []:
            if not isinstance(element, Mapping) or self.count >= MOST_ELEMENTS:
                self.all.report.note(page.place, _("Something that is no question, or one too many, was left out."))
                continue
            self.count += 1
            own = (*outer, *_conditions(element))
            if element.get("visible") is False:
                self.all.report.note(_place(element), _("It was never shown, and was left out."))
            elif element.get("type") == "panel":
                self._elements(element.get("elements") or element.get("questions"), page, own, depth + 1)
            else:
                self._question(element, page, own)

    def _question(self, element: Mapping[str, Any], page: ForeignPage, conditions: tuple[str, ...]) -> None:
        theirs, place = str(element.get("name") or f"question{self.count}"), _place(element)
        table = told_kind(self.all, element, theirs, place)
        if table is None:
            kind = element.get("type")
            self.all.report.note(
                place, _("There is no question of kind “{kind}” here; it was left out.").format(kind=kind)
            )
            return
        for key in _UNKNOWN:
            if element.get(key):
                self.all.report.note(place, _("“{key}” was left out.").format(key=key))
        page.questions.append(ForeignQuestion(table, place, conditions))


def _conditions(element: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(element["visibleIf"]),) if element.get("visibleIf") else ()


def _place(element: Mapping[str, Any]) -> str:
    return _("question “{name}”").format(name=element.get("name") or "?")


def _tag(locale: object) -> str:
    return locale if isinstance(locale, str) and 1 < len(locale) < 12 else ""  # noqa: PLR2004 - a language tag
