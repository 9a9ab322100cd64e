"""Lists of choices and rows: what must be true of each of them; for the kinds that have some."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from core.language import gettext as _
from surveys.domain.cells import Choice
from surveys.domain.pictures import picture_fault
from surveys.domain.questions import Flaw

MOST_CHOICES = 200


def two_choices() -> list[dict[str, str]]:
    """Two answers of a fresh question, to be worded."""
    return [{"name": "first", "label": _("First answer")}, {"name": "second", "label": _("Second answer")}]


def two_points() -> list[dict[str, str]]:
    """The two ends of a fresh scale."""
    return [{"name": "bad", "label": _("Bad")}, {"name": "good", "label": _("Good")}]


def one_row() -> list[dict[str, str]]:
    """The first row of a fresh matrix."""
    return [{"name": "first", "label": _("First row")}]


def list_faults(key: str, choices: Sequence[Choice], kept: Collection[str] = ()) -> Iterator[Flaw]:
    """What is wrong with a list; `kept` are the names of answers that stand outside of it."""
    if not choices:
        yield (
            _("“{key}” is empty.").format(key=key),
            _('Add {key} = [{{ name = "…", label = "…" }}, …].').format(key=key),
        )
    if len(choices) > MOST_CHOICES:
        yield _("“{key}” has more than {most}.").format(key=key, most=MOST_CHOICES), _("Shorten it.")
    for name, times in Counter(choice.name for choice in choices).items():
        if times > 1:
            message = _("Two of kind “{noun}” are named “{name}”.").format(noun=key, name=name)
            yield message, _("Give one of them another name.")
    for choice in choices:
        if choice.name in kept:
            message = _("The name “{name}” is kept for the answer of that meaning.").format(name=choice.name)
            yield message, _("Choose another name.")
        fault = picture_fault(choice.image) if choice.image else None
        if fault:
            yield f"{key} “{choice.name}”: {fault[0]}", fault[1]
