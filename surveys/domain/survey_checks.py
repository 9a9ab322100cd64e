"""What a survey must be as a whole before anybody is asked: names, limits, and rules that can be met."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from babel import Locale, UnknownLocaleError

from core.language import gettext as _
from surveys.domain.cells import NONE, OTHER, Choice
from surveys.domain.definitions import Survey
from surveys.domain.kinds.likert_matrix import NOT_APPLICABLE, LikertMatrix
from surveys.domain.kinds.multiple_choice import MultipleChoice
from surveys.domain.kinds.number_entry import NumberEntry
from surveys.domain.kinds.rating_scale import Rating
from surveys.domain.kinds.single_choice import SingleChoice
from surveys.domain.kinds.text_entry import ShortText
from surveys.domain.questions import Question
from surveys.domain.show_rules import Op, Rule, rules_in
from surveys.domain.survey_tables import BadDefinition, DefinitionFault

MOST_QUESTIONS = 500
MOST_CHOICES = 200
LONGEST_ANSWER = 20_000
SCALE_ENDS = range(2, 11)


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
    place = place_of(question)
    if isinstance(question, (SingleChoice, MultipleChoice)):
        taken = [OTHER] if question.other else []
        taken += [NONE] if isinstance(question, MultipleChoice) and question.none else []
        yield from _of_choices(place, "choices", question.choices, taken)
    if isinstance(question, LikertMatrix):
        yield from _of_choices(place, "rows", question.rows, [])
        yield from _of_choices(place, "scale", question.scale, [NOT_APPLICABLE] if question.not_applicable else [])
    for good, message, remedy in _limits(question):
        if not good:
            yield DefinitionFault(place, message, remedy)


def _of_choices(place: str, key: str, choices: Sequence[Choice], taken: Sequence[str]) -> Iterator[DefinitionFault]:
    if not choices:
        remedy = _('Add {key} = [{{ name = "…", label = "…" }}, …].').format(key=key)
        yield DefinitionFault(place, _("“{key}” is empty.").format(key=key), remedy)
    if len(choices) > MOST_CHOICES:
        yield DefinitionFault(place, _("“{key}” has more than {most}.").format(key=key, most=MOST_CHOICES))
    yield from _repeated(place, key, [choice.name for choice in choices])
    for choice in choices:
        if choice.name in taken:
            message = _("The name “{name}” is kept for the answer of that meaning.").format(name=choice.name)
            yield DefinitionFault(place, message, _("Choose another name."))


def _limits(question: Question) -> Iterator[tuple[bool, str, str]]:
    """What a kind's figures must satisfy: good or not, what is wrong, what to do."""
    if isinstance(question, MultipleChoice):
        count = len(question.choices) + bool(question.other)
        orderly = 0 <= question.least <= (question.most or count) <= count
        yield orderly, _("“least” and “most” cannot both be met."), _("0 ≤ least ≤ most ≤ number of choices.")
    if isinstance(question, Rating):
        good = question.highest in SCALE_ENDS
        yield good, _("“highest” cannot be {number}.").format(number=question.highest), _("Use 2 to 10.")
    if isinstance(question, NumberEntry):
        ends = [end for end in (question.least, question.most) if end is not None]
        yield ends == sorted(ends), _("“least” is more than “most”."), _("Exchange them.")
        yield question.step is None or question.step > 0, _("“step” must be more than 0."), _("Leave it out for any.")
    if isinstance(question, ShortText):
        good = 0 < question.longest <= LONGEST_ANSWER
        yield good, _("“longest” must be 1 to {most} characters.").format(most=LONGEST_ANSWER), ""


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
