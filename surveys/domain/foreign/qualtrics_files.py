"""Surveys of Qualtrics (.qsf) as tables of ours."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.language import gettext as _
from surveys.domain.foreign.assembling import Assembly, ForeignPage, ForeignQuestion
from surveys.domain.foreign.carried import Carried
from surveys.domain.foreign.conditions_read import Node
from surveys.domain.foreign.finishing import finished
from surveys.domain.foreign.qualtrics_kinds import Telling, mapping, told_kind
from surveys.domain.foreign.qualtrics_logic import NOTHING, logic_of

PROGRAM = "Qualtrics"
DEEPEST = 12
MOST_QUESTIONS = 1000
_FLOW_LEFT_OUT = ("Branch", "EmbeddedData", "BlockRandomizer", "Authenticator", "WebService", "Quota", "EndSurvey")


def is_qualtrics(values: object) -> bool:
    """Say whether a JSON document looks like a survey of Qualtrics."""
    return isinstance(values, Mapping) and "SurveyEntry" in values and isinstance(values.get("SurveyElements"), list)


def read_qualtrics(values: Mapping[str, Any]) -> Carried:
    """The survey of a Qualtrics document, as `is_qualtrics` knows it."""
    return _Reader(values).carried()


class _Reader:
    """One file on its way: the questions of each block in the order of the flow, page breaks kept."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        entry = mapping(values["SurveyEntry"])
        self.title = str(entry.get("SurveyName") or "")
        self.all = Assembly(PROGRAM, str(entry.get("SurveyLanguage") or "en").lower()[:2])
        self.elements = [each for each in values["SurveyElements"] if isinstance(each, Mapping)]
        self.questions = {str(each.get("PrimaryAttribute")): mapping(each.get("Payload")) for each in self._of("SQ")}

    def _of(self, element: str) -> list[Mapping[str, Any]]:
        return [each for each in self.elements if each.get("Element") == element]

    def carried(self) -> Carried:
        """The whole survey."""
        blocks = {str(block.get("ID")): block for block in self._blocks()}
        order = list(self._flow()) or list(blocks)
        for number, block in enumerate(order, 1):
            if block in blocks and blocks[block].get("Type") != "Trash":
                self._block(blocks[block], number)
        return finished(self.all, self.title, self.all.words(self.title, "title", _("survey")))

    def _blocks(self) -> Iterator[Mapping[str, Any]]:
        for element in self._of("BL"):
            payload = element.get("Payload")
            blocks = list(payload.values()) if isinstance(payload, Mapping) else payload
            yield from (mapping(block) for block in (blocks if isinstance(blocks, list) else []))

    def _flow(self) -> Iterator[str]:
        for element in self._of("FL"):
            yield from self._ids(mapping(element.get("Payload")).get("Flow"), 0)

    def _ids(self, flow: object, depth: int) -> Iterator[str]:
        """The blocks in the order in which they are met; what steers the flow is noted."""
        for each in flow if isinstance(flow, list) and depth < DEEPEST else []:
            step = mapping(each)
            kind = str(step.get("Type") or "")
            if kind in _FLOW_LEFT_OUT:
                message = _(
                    "“{kind}” steers the flow there, and was left out; the blocks within are asked of everybody."
                )
                self.all.report.note(_("survey flow"), message.format(kind=kind))
            if step.get("ID") and kind in {"Block", "Standard"}:
                yield str(step["ID"])
            yield from self._ids(step.get("Flow"), depth + 1)

    def _block(self, block: Mapping[str, Any], number: int) -> None:
        title = str(block.get("Description") or number)
        page = self._page(title)
        elements = block.get("BlockElements")
        for element in elements if isinstance(elements, list) else []:
            step = mapping(element)
            asked = str(step.get("QuestionID"))
            if step.get("Type") == "Page Break":
                page = self._page(title)
            elif asked in self.questions:
                self._question(asked, page)
        if mapping(block.get("Options")).get("Looping") not in (None, "None"):
            self.all.report.note(_("block “{name}”").format(name=title[:80]), _("What was looped is asked once."))

    def _page(self, title: str) -> ForeignPage:
        name = self.all.names.of(f"page {len(self.all.pages) + 1}", fallback="page")
        self.all.pages.append(ForeignPage({"name": name}, _("block “{name}”").format(name=title[:80])))
        return self.all.pages[-1]

    def _question(self, number: str, page: ForeignPage) -> None:
        payload = self.questions[number]
        place = _("question “{name}”").format(name=str(payload.get("DataExportTag") or number)[:80])
        table = told_kind(Telling(self.all, payload, number, place))
        if table is None:
            kind = "/".join(str(payload.get(key) or "") for key in ("QuestionType", "Selector"))
            message = _("There is no question of kind “{kind}” here; it was left out.")
            self.all.report.note(place, message.format(kind=kind))
            return
        page.questions.append(ForeignQuestion(table, place, self._conditions(payload, place)))

    def _conditions(self, payload: Mapping[str, Any], place: str) -> tuple[Node, ...]:
        logic = logic_of(payload.get("DisplayLogic"))
        if logic is NOTHING:
            self.all.report.note(place, _("Its condition is of a sort that is not understood, and was left out."))
        for key in ("SkipLogic", "InPageDisplayLogic", "QuestionJS"):
            if payload.get(key):
                self.all.report.note(place, _("“{key}” was left out.").format(key=key))
        return () if logic is None or logic is NOTHING else (logic,)
