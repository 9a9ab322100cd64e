"""Policy drafts: the cells of a new version as a team writes them, checked, told in words, and compared."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contacts.domain.policy import NOTHING, PRESETS, SCOPES, Basis, Rule, Rules, Source
from contacts.domain.scopes import MARKETING, PARTNERS, RESEARCH, SHARING, TRACKING
from core.errors import BadInput
from core.language import gettext as _

ALWAYS_ASKED = frozenset({PARTNERS, SHARING})
"""Off unless the person says yes (P3, P9): having been told is never enough."""
MOST_DAYS = 3660
LINES = {
    MARKETING: _("Topics added below marketing"),
    PARTNERS: _("Mail for partners"),
    RESEARCH: _("Surveys, and topics added below research"),
    TRACKING: _("Recording clicks"),
    SHARING: _("Sharing with partners"),
}
"""What the lines of the table are called that are no topic of their own."""
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_RULE = re.compile(r"(none|consent|notice)(?:\s*[: ]\s*(\d{1,5})(?:\s*days?)?)?")

Cell = tuple[Source, str]


@dataclass(frozen=True)
class Change:
    """A cell that differs between two versions."""

    source: Source
    line: str
    before: Rule
    after: Rule


def read_version(written: str) -> str:
    """The name of a version, such as 2026-12.

    Raises:
        BadInput: it cannot be one.
    """
    if not _VERSION.fullmatch(written.strip()):
        raise BadInput(
            "This cannot be the name of a version.",
            field="version",
            remedy="Write letters, digits, points and hyphens, at most 40, such as 2026-12.",
        )
    return written.strip()


def read_rule(written: str) -> Rule:
    """A cell: none, consent, notice, or notice:730 where it ends after so many days.

    Raises:
        BadInput: it is none of these.
    """
    found = _RULE.fullmatch(written.strip().lower())
    days = int(found[2]) if found and found[2] else None
    if found is None or (days is not None and (found[1] != Basis.NOTICE or not 0 < days <= MOST_DAYS)):
        raise BadInput(
            f"“{written.strip()}” is no rule.",
            field="rule",
            remedy=f"Write none, consent, notice, or notice:730 for having been told 730 days ago at most ({MOST_DAYS} "
            "at the most). A yes that was said has no end.",
        )
    return Rule(Basis(found[1]), days)


def write_rule(rule: Rule) -> str:
    """A cell as it is read."""
    return f"{rule.basis.value}:{rule.expires_days}" if rule.expires_days else rule.basis.value


def tell_rule(rule: Rule) -> str:
    """A cell in words."""
    words = {
        Basis.NONE: _("never"),
        Basis.CONSENT: _("after a yes"),
        Basis.NOTICE: _("once told"),
    }
    told = words[rule.basis]
    return told + _(", {days} days").format(days=rule.expires_days) if rule.expires_days else told


def read_override(written: str) -> tuple[Cell, Rule]:
    """One cell as written on the command line: purchase:offers=notice:730.

    Raises:
        BadInput: naming what is unknown.
    """
    place, equals, rule = written.partition("=")
    source, _colon, line = place.strip().partition(":")
    if not equals or source not in set(Source) or line not in SCOPES:
        raise BadInput(
            f"“{written}” names no cell of the policy table.",
            field="set",
            remedy=f"Write source:line=rule. Sources are: {', '.join(Source)}. Lines are: {', '.join(SCOPES)}.",
        )
    return (Source(source), line), read_rule(rule)


def drafted(preset: str, overrides: Iterable[tuple[Cell, Rule]]) -> Rules:
    """A preset's rules with some cells changed.

    Raises:
        BadInput: there is no such preset, or the rules are not sound.
    """
    if preset not in PRESETS:
        raise BadInput("There is no such preset.", field="preset", remedy=f"Presets are: {', '.join(PRESETS)}.")
    rules = PRESETS[preset]() | dict(overrides)
    require_sound(rules)
    return rules


def require_sound(rules: Mapping[Cell, Rule]) -> None:
    """Pass rules under which nobody is mailed for partners, or shared with them, who did not say yes.

    Raises:
        BadInput: naming the first cell that would.
    """
    for (source, line), rule in rules.items():
        if line in ALWAYS_ASKED and rule.basis is Basis.NOTICE:
            raise BadInput(
                f"{source.value}:{line} cannot be “notice”: this is off until the person says yes.",
                field="rule",
                remedy="Write consent or none.",
            )


def grouped(changes: Iterable[Change]) -> list[tuple[str, tuple[Source, ...], Rule, Rule]]:
    """Changes told together where a line changed alike for several sources: line, sources, before, after."""
    alike: dict[tuple[str, Rule, Rule], list[Source]] = {}
    for each in changes:
        alike.setdefault((each.line, each.before, each.after), []).append(each.source)
    return [(line, tuple(sources), before, after) for (line, before, after), sources in alike.items()]


def differences(before: Mapping[Cell, Rule], after: Mapping[Cell, Rule]) -> list[Change]:
    """The cells that two versions fill differently, line by line."""
    return [
        Change(source, line, was, now)
        for line in SCOPES
        for source in Source
        if (was := before.get((source, line), NOTHING)) != (now := after.get((source, line), NOTHING))
    ]
