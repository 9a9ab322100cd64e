"""Answers that other programs repeat in texts, such as ${name}, in our way; what is not known goes, with a note."""

import re
from collections.abc import Callable, Collection

from core.language import gettext as _
from surveys.domain.foreign.carried import Report
from surveys.domain.foreign.conditions_told import Sort, Target

_PIPE = re.compile(r"\$\{q://(?P<qualtrics>QID\d+)/[^{}]*\}|\$?\{(?P<name>[A-Za-z_][\w.\-]{0,99})\}", re.ASCII)
_ENDS = (".shown", ".NAOK", ".value")


def piped(
    words: str, find: Callable[[str], Target | None], earlier: Collection[str], report: Report | None, place: str
) -> str:
    """The words with answers to earlier questions in double braces."""

    def ours(match: re.Match[str]) -> str:
        theirs = str(match["qualtrics"] or match["name"])
        for tail in _ENDS:
            theirs = theirs.removesuffix(tail)
        target = find(theirs)
        if (
            target is not None
            and target.sort not in {Sort.MEMBER, Sort.ROWS}
            and target.words.partition(".")[0] in earlier
        ):
            return "{{ " + target.words + " }}"
        if report is not None:
            report.note(place, _("“{text}” in a text was left out.").format(text=match[0]))
        return "…"

    pieces, end = [], 0
    for match in _PIPE.finditer(words):
        pieces += [_parted(words[end : match.start()]), ours(match)]
        end = match.end()
    return "".join([*pieces, _parted(words[end:])])


def _parted(words: str) -> str:
    """Words whose braces can never open an expression of ours, nor join one beside them."""
    apart = re.sub(r"([{}])(?=[{}])", r"\1 ", words)
    apart = f" {apart}" if apart[:1] in {"{", "}"} else apart
    return f"{apart} " if apart[-1:] in {"{", "}"} else apart
