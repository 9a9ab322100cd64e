"""What makes a workbook no valid XLSForm, as the tools that make forms of it judge: each fault with its row."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.language import gettext as _
from surveys.domain.foreign.carried import Note
from surveys.domain.foreign.xlsform_structure import Row, Structure, place_of
from surveys.domain.foreign.xlsform_words import REFERENCE, is_name

_CHOICE_WORDS = frozenset({"label", "image", "big-image", "audio", "video"})
_UNREAD = frozenset({"#", "name", "trigger"})
_YES = frozenset({"yes", "Yes", "YES", "true", "True", "TRUE", "true()"})
_REFERRED = re.compile(r"(?:last-saved#)?([^\W\d][\w.\-]*)")
_ALONE = re.compile(r"\$\{([^}]+)\}")
Fault = tuple[str, str]


@dataclass(frozen=True)
class Form:
    """The sheets of a workbook under today's headings, and headings that stand there twice."""

    survey: Sequence[Row]
    choices: Sequence[Row]
    settings: Row
    twice: Sequence[str] = ()

    def lists(self) -> dict[str, list[Row]]:
        """The choices by the names of their lists."""
        found: dict[str, list[Row]] = {}
        for row in self.choices:
            if row.get("list_name"):
                found.setdefault(row["list_name"], []).append(row)
        return found


def faults_of(form: Form) -> list[Note]:
    """All faults of a form; none of a valid one."""
    root = form.settings.get("name", "")
    structure = Structure(form.lists(), root or "data")
    found = [(_("headings"), _("Two columns say the same: “{name}”.").format(name=each)) for each in form.twice]
    if root and not is_name(root):
        found.append((_("settings"), _("“{name}” cannot be a name.").format(name=root)))
    found += _choice_faults(form)
    found += structure.judged(form.survey)
    found += _reference_faults(form, structure.named, structure.questions)
    return [Note(place, message, wrong=True) for place, message in dict.fromkeys(found)]


def _choice_faults(form: Form) -> Iterator[Fault]:
    double = form.settings.get("allow_choice_duplicates") in _YES
    for name, rows in form.lists().items():
        met: set[str] = set()
        for row in rows:
            value = row.get("name", "")
            place = _("choices, row {number}").format(number=row["#"])
            if not value:
                yield place, _("A choice of “{list}” has no name.").format(list=name)
            elif value in met and not double:
                yield place, _("“{value}” is twice in the list “{list}”.").format(value=value, list=name)
            met.add(value)


def _reference_faults(form: Form, named: Mapping[str, int], questions: set[str]) -> Iterator[Fault]:
    """Whatever is referred to is one thing of the survey."""
    known = Counter(named)
    if form.settings.get("omit_instanceID") not in _YES:
        known["instanceID"] += 1
    for text in form.settings.values():
        yield from ((_("settings"), why) for why in _unknown(text, known))
    for row in form.survey:
        for heading, text in row.items():
            if heading.partition("::")[0] not in _UNREAD:
                yield from ((place_of(row), why) for why in _unknown(text, known))
        yield from ((place_of(row), why) for why in _untriggered(row.get("trigger", ""), questions))
    for row in form.choices:
        for heading, text in row.items():
            if heading.partition("::")[0] in _CHOICE_WORDS:
                place = _("choices, row {number}").format(number=row["#"])
                yield from ((place, why) for why in _unknown(text, known))


def _unknown(text: str, known: Mapping[str, int]) -> Iterator[str]:
    for match in REFERENCE.finditer(text):
        inner = _REFERRED.fullmatch(match["name"] or "")
        if inner is None:
            yield _("“{text}” refers to nothing: write ${{name}}.").format(text=match[0][:80])
        elif not known.get(inner[1]):
            yield _("There is no “{name}” to refer to.").format(name=inner[1])
        elif known[inner[1]] > 1:
            yield _("“{name}” is there more than once: nobody knows which is meant.").format(name=inner[1])


def _untriggered(trigger: str, questions: set[str]) -> Iterator[str]:
    names = [each.strip() for each in trigger.split(",")] if trigger else []
    for each in names:
        match = _ALONE.fullmatch(each)
        if match is None or match[1] not in questions:
            yield _("“{name}” is no question that could set something off.").format(name=each[:80])
