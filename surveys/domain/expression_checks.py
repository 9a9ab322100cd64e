"""Conditions and piped texts before anybody is asked: names known, asked earlier, and compared as they can be."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from core.language import gettext as _
from surveys.domain.definition_faults import DefinitionFault
from surveys.domain.definitions import Survey
from surveys.domain.expressions.compiling import compiled, condition
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.value_types import Sort
from surveys.domain.questions import Question
from surveys.domain.show_rules import Op, Rule, formulas_in, rules_in
from surveys.domain.translations import in_language
from surveys.domain.uses import Use, uses_in


def expression_faults(survey: Survey) -> Iterator[DefinitionFault]:
    """Everything that is wrong with conditions, computed values and piped texts, then with translated texts."""
    found = list(_in_own_language(survey))
    yield from found
    for language in survey.translations if not found else ():
        spoken = in_language(survey, language)
        for use in uses_in(spoken):
            for pipe in use.pipes:
                told = replace(use, place=f"{_('translations')}, {language}, {use.place}")
                yield from _of_expression(spoken, told, pipe)


def _in_own_language(survey: Survey) -> Iterator[DefinitionFault]:
    yield from _of_computed(survey)
    for use in uses_in(survey):
        for rule in rules_in(use.condition):
            yield from _of_rule(survey, use, rule)
        for formula in formulas_in(use.condition):
            yield from _of_expression(survey, use, formula.text, deciding=True)
        for pipe in use.pipes:
            yield from _of_expression(survey, use, pipe)


def _of_computed(survey: Survey) -> Iterator[DefinitionFault]:
    """A computed value may need others, but never itself."""
    for each in survey.computed:
        place = f"{_('computed value')} “{each.name}”"
        circle = next((chain for chain in _chains(survey, each.name) if chain[-1] == each.name), None)
        if circle:
            message = _("It needs itself: {chain}.").format(chain=" → ".join(circle))
            yield DefinitionFault(place, message, _("Work it out from answers."))
            continue
        try:
            kind = compiled(each.formula, survey.logic.known)
        except Slip as slip:
            yield DefinitionFault(f"{place}, formula", slip.said, slip.advice)
        else:
            if kind.sort is Sort.ROWS:
                yield DefinitionFault(place, _("A question with rows has no value as a whole."), _("Name one row."))


def _chains(survey: Survey, name: str) -> Iterator[list[str]]:
    """From one computed value to each that it needs, by the names between."""
    waiting = [[name]]
    begun: set[str] = set()
    while waiting:
        chain = waiting.pop()
        for needed in survey.logic.named_in(survey.logic.formulas[chain[-1]]):
            if needed in survey.logic.formulas and (needed not in begun or needed == name):
                begun.add(needed)
                yield [*chain, needed]
                waiting += [[*chain, needed]] if needed != name else []


def _of_expression(survey: Survey, use: Use, text: str, *, deciding: bool = False) -> Iterator[DefinitionFault]:
    try:
        meaning = (condition if deciding else compiled)(text, survey.logic.known)
    except Slip as slip:
        yield DefinitionFault(use.place, slip.said, slip.advice)
        return
    if not deciding and meaning.sort is Sort.ROWS:
        yield DefinitionFault(use.place, _("A question with rows has no value as a whole."), _("Name one row."))
    for name in dict.fromkeys(survey.logic.named_in(text)):
        yield from _too_early(survey, use, name)


def _too_early(survey: Survey, use: Use, name: str) -> Iterator[DefinitionFault]:
    """A question, or one that a computed value needs, which is not asked on an earlier page."""
    remedy = _("Move this, or ask that one, on another page.")
    if name in survey.logic.known.questions:
        if name not in use.earlier:
            message = _("The question “{name}” is not asked on an earlier page.").format(name=name)
            yield DefinitionFault(use.place, message, remedy)
    elif name in survey.logic.formulas:
        for each in survey.logic.needs(name):
            for needed in survey.logic.named_in(survey.logic.formulas[each]):
                if needed in survey.logic.known.questions and needed not in use.earlier:
                    message = _("“{name}” needs the question “{needed}”, which is not asked on an earlier page.")
                    yield DefinitionFault(use.place, message.format(name=name, needed=needed), remedy)


def _of_rule(survey: Survey, use: Use, rule: Rule) -> Iterator[DefinitionFault]:
    earlier: Mapping[str, Question] = use.earlier
    question = earlier.get(rule.question)
    if question is not None:
        for message, remedy in _misfit(rule, question):
            yield DefinitionFault(use.place, message, remedy)
    elif rule.question in survey.logic.known.questions:
        message = _("The question “{name}” is not asked on an earlier page.").format(name=rule.question)
        yield DefinitionFault(use.place, message, _("Move this, or ask that one, on another page."))
    else:
        message = _("There is no question “{name}”.").format(name=rule.question)
        remedy = _("Questions before it: {names}.").format(names=", ".join(earlier)) if earlier else ""
        yield DefinitionFault(use.place, message, remedy)


def _misfit(rule: Rule, question: Question) -> Iterator[tuple[str, str]]:
    names, rows = question.operands(), question.rule_rows()
    if not question.answerable or rule.op not in question.ops:
        known = ", ".join(op for op in Op if op in question.ops and question.answerable) or _("none")
        yield _("“{name}” cannot be asked “{op}”.").format(name=rule.question, op=rule.op), _("Rules: ") + known
        return
    if rule.op is Op.ANSWERED:
        if not isinstance(rule.value, bool):
            yield _("“answered” is true or false."), ""
    elif names is not None and rule.value not in names:
        message = _("“{name}” has no answer “{value}”.").format(name=rule.question, value=rule.value)
        yield message, _("Answers: {names}.").format(names=", ".join(sorted(names)))
    elif names is None and (isinstance(rule.value, (str, bool))):
        yield _("“{name}” is compared with a number.").format(name=rule.question), _("Write value = 7.")
    if rule.row not in rows and (rule.row or (rows and rule.op is not Op.ANSWERED)):
        message = _("“{name}” has no row “{row}”.").format(name=rule.question, row=rule.row)
        yield message, _("Rows: {names}.").format(names=", ".join(sorted(rows)) or _("none"))
