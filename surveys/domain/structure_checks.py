"""What holds a survey together, before anybody is asked: jumps, ends, quotas, arms, blocks, loops, translations."""

from collections.abc import Iterator

from babel import Locale, UnknownLocaleError

from core.language import gettext as _
from surveys.domain.definition_faults import DefinitionFault
from surveys.domain.definitions import FINISH, Jump, Loop, Page, Survey
from surveys.domain.expressions.known_names import RESERVED
from surveys.domain.expressions.lexing import WORDS
from surveys.domain.kinds.hidden_value import HiddenValue
from surveys.domain.loops import MOST_ROUNDS, rounds
from surveys.domain.places_told import place_of_page, repeated
from surveys.domain.translations import texts_of
from surveys.domain.uses import asked_before

LONGEST_NAME = 40
MOST_COMPUTED = 100


def structure_faults(survey: Survey) -> Iterator[DefinitionFault]:
    """Everything that does not fit together."""
    yield from _of_names(survey)
    yield from _of_what_is_seen(survey)
    yield from _of_blocks(survey)
    yield from _of_chances(survey)
    for place, page in enumerate(survey.pages):
        if page.repeat is not None:
            yield from _of_loop(survey, page, page.repeat)
        for number, jump in enumerate(page.jumps, 1):
            yield from _of_jump(survey, place, f"{place_of_page(page)}, jump {number}", jump)
    yield from _of_translations(survey)


def language_fault(tag: str, place: str) -> Iterator[DefinitionFault]:
    """A tag that names no language."""
    try:
        Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        message = _("“{tag}” is no language.").format(tag=tag)
        yield DefinitionFault(place, message, _("Use a tag such as en, de or pt-BR."))


def _of_names(survey: Survey) -> Iterator[DefinitionFault]:
    place = _("survey")
    for noun, names in (
        (_("arm"), [each.name for each in survey.arms]),
        (_("quota"), [each.name for each in survey.quotas]),
        (_("page or end"), [*(each.name for each in survey.unrolled.pages), *(each.name for each in survey.ends)]),
    ):
        yield from repeated(place, noun, names)
    if len(survey.computed) > MOST_COMPUTED:
        yield DefinitionFault(place, _("There are more than {most} computed values.").format(most=MOST_COMPUTED))
    for each in survey.computed:
        if each.name in RESERVED | WORDS:
            message = _("The name “{name}” has a meaning of its own in expressions.").format(name=each.name)
            yield DefinitionFault(f"{_('computed value')} “{each.name}”", message, _("Choose another name."))
    for end in survey.ends:
        if end.name == FINISH:
            message = _("“{name}” stands for the end of the last page.").format(name=FINISH)
            yield DefinitionFault(f"{_('end')} “{end.name}”", message, _("Choose another name."))
    names = [page.name for page in survey.unrolled.pages]
    for name in (*names, *(question.name for question in survey.asked_questions())):
        if len(name) > LONGEST_NAME:
            message = _("In a loop “{name}” has more than {most} characters.").format(name=name, most=LONGEST_NAME)
            yield DefinitionFault(place, message, _("Shorten the name that is repeated."))


def _of_what_is_seen(survey: Survey) -> Iterator[DefinitionFault]:
    """Somebody who is asked must have a page to see, whatever the rest depends on."""
    for page in survey.pages:
        if all(isinstance(question, HiddenValue) for question in page.questions):
            message = _("There is nothing to see on it.")
            yield DefinitionFault(place_of_page(page), message, _("Put the hidden value on a page with a question."))
    first = survey.pages[0]
    seen = [each for each in first.questions if each.show_if is None and not isinstance(each, HiddenValue)]
    always = [each for each in seen if not survey.shapes[each.name].filtered]
    if first.show_if is not None or first.repeat is not None or not always:
        message = _("The first page must be shown to everybody, with one question at least.")
        yield DefinitionFault(place_of_page(first), message, _("Put a page before it, or take the condition out."))


def _of_blocks(survey: Survey) -> Iterator[DefinitionFault]:
    named = {page.block for page in survey.pages if page.block}
    for block in survey.shuffle_blocks:
        if block not in named:
            message = _("No page belongs to the block “{name}”.").format(name=block)
            remedy = _("Blocks: {names}.").format(names=", ".join(sorted(named)) or _("none"))
            yield DefinitionFault(_("survey, shuffle_blocks"), message, remedy)
    yield from repeated(_("survey, shuffle_blocks"), _("block"), survey.shuffle_blocks)
    begun: list[str] = []
    for page in survey.pages:
        if page.block and page.block in begun[:-1]:
            message = _("Other pages stand between it and the rest of the block “{name}”.").format(name=page.block)
            yield DefinitionFault(place_of_page(page), message, _("Put the pages of a block together."))
        if not begun or begun[-1] != page.block:
            begun.append(page.block)


def _of_chances(survey: Survey) -> Iterator[DefinitionFault]:
    for arm in survey.arms:
        if not 0 < arm.weight <= 1000:  # noqa: PLR2004 - far more than any design needs
            remedy = _("Use a whole number from 1 to 1000.")
            yield DefinitionFault(f"{_('arm')} “{arm.name}”", _("Its weight cannot be that."), remedy)
    ends = {end.name for end in survey.ends}
    for quota in survey.quotas:
        place = f"{_('quota')} “{quota.name}”"
        if quota.limit < 0:
            yield DefinitionFault(place, _("A limit cannot be less than 0."), _("Say how many may be completed."))
        if quota.end not in ends:
            message = _("There is no end “{name}”.").format(name=quota.end)
            yield DefinitionFault(place, message, _('Add one with [[end]], name = "…", text = "…".'))


def _of_loop(survey: Survey, page: Page, loop: Loop) -> Iterator[DefinitionFault]:
    place = f"{place_of_page(page)}, repeat"
    if not 0 < loop.most <= MOST_ROUNDS:
        message = _("“most” cannot be {number}.").format(number=loop.most)
        yield DefinitionFault(place, message, _("Use 1 to {most}.").format(most=MOST_ROUNDS))
    over = survey.by_name.get(loop.over)
    if over is None:
        yield DefinitionFault(place, _("There is no question “{name}”.").format(name=loop.over))
        return
    own = [each for each in survey.unrolled.pages if survey.unrolled.origins[each.name].page == page.name]
    if not own or loop.over not in asked_before(survey, own[0]):
        if own or any(True for _each in rounds(loop, over)):
            message = _("The question “{name}” is not asked on an earlier page.").format(name=loop.over)
            yield DefinitionFault(place, message, _("Move this, or ask that one, on another page."))
        else:
            message = _("“{name}” gives nothing to go through one by one.").format(name=loop.over)
            yield DefinitionFault(place, message, _("Name a question with choices, rows or a number."))


def _of_jump(survey: Survey, place: int, where: str, jump: Jump) -> Iterator[DefinitionFault]:
    names = [page.name for page in survey.pages]
    if jump.to == FINISH or jump.to in survey.ends_by_name:
        return
    if jump.to not in names:
        message = _("There is neither a page nor an end “{name}”.").format(name=jump.to)
        remedy = _("Write the name of a later page or of an end, or {word}.").format(word=f"“{FINISH}”")
        yield DefinitionFault(where, message, remedy)
        return
    target = survey.pages[names.index(jump.to)]
    if names.index(jump.to) <= place:
        message = _("It leads back to “{name}”, so that the survey would go round in a circle.").format(name=jump.to)
        yield DefinitionFault(where, message, _("Jump onwards; the button Back leads back."))
    elif _crosses(survey, survey.pages[place], target):
        message = _("It leads between blocks that exchange places.")
        yield DefinitionFault(where, message, _("Stay within the block, or jump beyond all of them."))


def _crosses(survey: Survey, page: Page, target: Page) -> bool:
    """Whether a jump leads from or into a shuffled block so that in some order it would lead back."""
    moving = [place for place, each in enumerate(survey.pages) if each.block in survey.shuffle_blocks]
    if page.block == target.block or not moving:
        return False
    inside = target.block in survey.shuffle_blocks
    return inside or (page.block in survey.shuffle_blocks and survey.pages.index(target) < moving[-1])


def _of_translations(survey: Survey) -> Iterator[DefinitionFault]:
    known = {each.path for each in texts_of(survey)}
    for language, words in survey.translations.items():
        place = f"{_('translations')}, {language}"
        yield from language_fault(language, place)
        for path in words:
            if path not in known:
                message = _("There is no text “{path}”.").format(path=path)
                yield DefinitionFault(place, message, _("Take it out, or use the path of a text of this survey."))
