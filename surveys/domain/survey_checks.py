"""What a survey must be as a whole before anybody is asked: names, limits, and rules that can be met."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from babel import Locale, UnknownLocaleError

from core.language import gettext as _
from surveys.domain.definition_faults import BadDefinition, DefinitionFault
from surveys.domain.definitions import Survey
from surveys.domain.questions import Question
from surveys.domain.show_rules import Op, Rule, rules_in

MOST_QUESTIONS = 500


def checked(survey: Survey, faults: Iterable[DefinitionFault] = ()) -> Survey:
    """The survey itself, if nothing is wrong with it.

    Raises:
        BadDefinition: with the faults found before, or all that are found here.
    """
    found = list(faults) or list(_of_survey(survey)) + list(_of_rules(survey))
    if found:
        raise BadDefinition(found)
    return survey


def _of_survey(survey: Survey) -> Iterator[DefinitionFault]:
    place = _("survey")
    if not survey.pages:
        yield DefinitionFault(place, _("There is no page."), _("Begin one with [[page]]."))
    if sum(1 for _each in survey.questions()) > MOST_QUESTIONS:
        yield DefinitionFault(place, _("There are more than {most} questions.").format(most=MOST_QUESTIONS))
    try:
        Locale.parse(survey.language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        message = _("“{tag}” is no language.").format(tag=survey.language)
        yield DefinitionFault(place, message, _("Use a tag such as en, de or pt-BR."))
    yield from _repeated(place, _("page"), [page.name for page in survey.pages])
    yield from _repeated(place, _("question"), [question.name for question in survey.questions()])
    columns = [column.name for question in survey.questions() for column in question.columns()]
    if len({question.name for question in survey.questions()}) == sum(1 for _each in survey.questions()):
        yield from _repeated(place, _("export column"), columns)
    for number, page in enumerate(survey.pages, 1):
        if not page.questions:
            yield DefinitionFault(f"{_('page')} {number} (“{page.name}”)", _("There is no question on it."))
    for question in survey.questions():
        yield from _of_question(question)


def _repeated(place: str, noun: str, names: Sequence[str]) -> Iterator[DefinitionFault]:
    for name, times in Counter(names).items():
        if times > 1:
            message = _("Two of kind “{noun}” are named “{name}”.").format(noun=noun, name=name)
            yield DefinitionFault(place, message, _("Give one of them another name."))


def place_of(question: Question) -> str:
    """How a question is named in a fault."""
    return f"{_('question')} “{question.name}”"


def _of_question(question: Question) -> Iterator[DefinitionFault]:
    for message, remedy in question.faults():
        yield DefinitionFault(place_of(question), message, remedy)


def _of_rules(survey: Survey) -> Iterator[DefinitionFault]:
    """Rules look back only, and only at what can be answered: then the path is decided page by page."""
    earlier: dict[str, Question] = {}
    for page in survey.pages:
        place = f"{_('page')} “{page.name}”"
        later = {question.name for question in survey.questions()} - set(earlier)
        for where, condition in [(place, page.show_if), *((place_of(q), q.show_if) for q in page.questions)]:
            for rule in rules_in(condition):
                yield from _of_rule(where, rule, earlier, later)
        earlier |= {question.name: question for question in page.questions}


def _of_rule(place: str, rule: Rule, earlier: dict[str, Question], later: set[str]) -> Iterator[DefinitionFault]:
    question = earlier.get(rule.question)
    if question is not None:
        for message, remedy in _misfit(rule, question):
            yield DefinitionFault(f"{place}, show_if", message, remedy)
    elif rule.question in later:
        message = _("The question “{name}” is not asked on an earlier page.").format(name=rule.question)
        yield DefinitionFault(f"{place}, show_if", message, _("Move this, or ask that one, on another page."))
    else:
        message = _("There is no question “{name}”.").format(name=rule.question)
        remedy = _("Questions before it: {names}.").format(names=", ".join(earlier)) if earlier else ""
        yield DefinitionFault(f"{place}, show_if", message, remedy)


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
