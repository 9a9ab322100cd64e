"""Can these conditions be met together by anybody? Looked for among answers that stand for all others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveys.domain.cells import Cells
from surveys.domain.definitions import Survey
from surveys.domain.expressions.occurrences import Occurrence, occurrences
from surveys.domain.expressions.parsing import parsed
from surveys.domain.expressions.sights import Sight
from surveys.domain.expressions.slips import Slip
from surveys.domain.possible_answers import SOMETHING_ELSE, between, possible_answers
from surveys.domain.show_rules import Condition, formulas_in, holds, rules_in
from surveys.domain.translations import languages_of

MOST_LOOKS = 4000
MOST_LOOKS_IN_ALL = 40_000
MOST_VARIABLES = 8
CONTACT = "contact."
Uses = Mapping[str, Occurrence]
Candidates = Mapping[str, Sequence[object]]


@dataclass
class Budget:
    """How many looks a check may still take; when they are used up, everything counts as possible."""

    left: int = MOST_LOOKS_IN_ALL


def can_be_met(survey: Survey, conditions: Sequence[Condition], budget: Budget) -> bool:
    """Say whether anybody can meet all of these; True wherever that cannot be looked through.

    It errs on one side only: what is called impossible is impossible.
    """
    candidates = _candidates(survey, _uses(survey, conditions))
    if candidates is None or budget.left <= 0:
        return True
    gates = _gates(survey, conditions, candidates)
    names = {name for condition in (*conditions, *gates.values()) for name in _uses(survey, [condition]) or {}}
    whole = _candidates(survey, _uses(survey, [*conditions, *gates.values()]))
    assert whole is not None
    order = [question.name for question in survey.asked_questions()]
    variables = sorted(names & set(whole), key=lambda name: order.index(name) if name in order else -1)
    own = Budget(min(MOST_LOOKS, budget.left))
    before = own.left
    found = _Search(survey, conditions, variables, whole, gates, own).found({}, 0)
    budget.left -= before - own.left
    return found


def _uses(survey: Survey, conditions: Sequence[Condition]) -> dict[str, Occurrence] | None:
    """How the conditions use each name, through computed values; None where no look can tell."""
    found: dict[str, Occurrence] = {}
    waiting = [formula.text for condition in conditions for formula in formulas_in(condition)]
    seen: set[str] = set()
    while waiting:
        text = waiting.pop()
        try:
            known = occurrences(parsed(text), found)
        except Slip:
            return None
        if not known:
            return None
        needed = (set(survey.logic.named_in(text)) & set(survey.logic.formulas)) - seen
        seen |= needed
        waiting += [survey.logic.formulas[name] for name in needed]
    for rule in (rule for condition in conditions for rule in rules_in(condition)):
        use = found.setdefault(rule.question, Occurrence())
        use.rows |= {rule.row} - {""}
        use.whole |= not rule.row
        (use.texts if isinstance(rule.value, str) else use.numbers).add(rule.value)  # type: ignore[arg-type]  # by sort
    return {name: use for name, use in found.items() if name not in survey.logic.formulas}


def _candidates(survey: Survey, uses: Uses | None) -> dict[str, Sequence[object]] | None:
    """For each name the values that stand for all; None where they are too many, or the names are."""
    if uses is None or len(uses) > MOST_VARIABLES:
        return None
    found: dict[str, Sequence[object]] = {}
    for name, use in uses.items():
        values = _values(survey, name, use)
        if values is None:
            return None
        found[name] = values
    return found


def _values(survey: Survey, name: str, use: Occurrence) -> Sequence[object] | None:
    question = survey.logic.known.questions.get(name)
    if question is not None:
        return possible_answers(question, use)
    if name == "arm":
        return [arm.name for arm in survey.arms]
    if name == "language":
        return languages_of(survey)
    if use.woven:
        return None
    return [*sorted(use.texts), *between(use.numbers, None, None), SOMETHING_ELSE, None]


def _gates(survey: Survey, conditions: Sequence[Condition], candidates: Candidates) -> dict[str, Condition]:
    """What must hold where each of these questions is asked, as far as that can be looked through as well."""
    gates: dict[str, Condition] = {}
    waiting = list(candidates)
    while waiting:
        name = waiting.pop()
        for key, condition in _conditions_of(survey, name):
            together = _uses(survey, [*conditions, *gates.values(), condition])
            if key not in gates and _candidates(survey, together) is not None:
                gates[key] = condition
                waiting += [each for each in _uses(survey, [condition]) or {} if each not in candidates]
    return gates


def _conditions_of(survey: Survey, name: str) -> Iterator[tuple[str, Condition]]:
    """The conditions of a question and of its page, each under a key that begins with the question's name."""
    for page in survey.unrolled.pages:
        for question in page.questions:
            if question.name == name:
                yield from ((f"{name} {at}", each) for at, each in enumerate((page.show_if, question.show_if)) if each)


@dataclass(frozen=True)
class _Search:
    """Tries candidates name by name, in the order in which questions are asked."""

    survey: Survey
    conditions: Sequence[Condition]
    variables: Sequence[str]
    candidates: Candidates
    gates: Mapping[str, Condition]
    budget: Budget

    def found(self, chosen: dict[str, object], place: int) -> bool:
        """Whether some choice of what is still open meets the conditions; True when the looks are used up."""
        if self.budget.left <= 0:
            return True
        if place == len(self.variables):
            return self.met(chosen, self.conditions)
        name = self.variables[place]
        gates = [gate for key, gate in self.gates.items() if key.split(" ")[0] == name]
        asked = self.met(chosen, gates)
        for value in self.candidates[name]:
            if (asked or not value) and self.found({**chosen, name: value}, place + 1):
                return True
        return False

    def met(self, chosen: Mapping[str, object], conditions: Sequence[Condition]) -> bool:
        if not conditions:
            return True
        self.budget.left -= 1
        answers: dict[str, Cells] = {
            name: value for name, value in chosen.items() if isinstance(value, tuple) and value
        }
        contact = {
            name.removeprefix(CONTACT): value
            for name, value in chosen.items()
            if name.startswith(CONTACT) and isinstance(value, (str, float))
        }
        arm, language = str(chosen.get("arm", "")), str(chosen.get("language", self.survey.language))
        sight = Sight(answers, contact, None, arm, language, self.survey.logic.plans)
        judge = self.survey.logic.judge(sight)
        return all(holds(each, answers, judge) for each in conditions)
