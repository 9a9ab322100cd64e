"""Console pages for the policy: its versions, each as a table with what it changed, and the form for the next."""

from collections.abc import Mapping
from typing import Any

from contacts.domain.policy import NOTHING, PRESETS, SCOPES, Basis, Rule, Rules, Source
from contacts.domain.policy_drafts import (
    ALWAYS_ASKED,
    LINES,
    differences,
    grouped,
    read_rule,
    require_sound,
    tell_rule,
    write_rule,
)
from contacts.services.publish_version import publish_version
from contacts.storage.policies import (
    Policy,
    all_policies,
    current_policy,
    policy_named,
    rules_of,
    version_before,
)
from contacts.storage.topics import all_topics
from core.errors import BadInput, Conflict, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/policy"
NEW = LIST + "/new"
PAGE = LIST + "/versions/{version}"
SOURCES = (
    (Source.PURCHASE, _("purchase")),
    (Source.DOWNLOAD, _("download")),
    (Source.REGISTRATION, _("registration")),
    (Source.CORRESPONDENCE, _("correspondence")),
    (Source.MAILING_LIST, _("mailing list")),
    (Source.SURVEY, _("survey")),
)
USUAL = (
    Rule(Basis.NONE),
    Rule(Basis.CONSENT),
    Rule(Basis.NOTICE),
    *(Rule(Basis.NOTICE, days) for days in (180, 365, 730)),
)
TONES = {Basis.NONE: "", Basis.CONSENT: "good", Basis.NOTICE: "warn"}


def show_policy(visit: Visit) -> Answer:
    """The version in force, and all before it."""
    return _version(visit, policy_named(visit.session, current_policy(visit.session)))


def show_version(visit: Visit) -> Answer:
    """One version as it was published."""
    return _version(visit, policy_named(visit.session, str(visit.path["version"])))


def _version(visit: Visit, policy: Policy) -> Answer:
    session = visit.session
    rules, before = rules_of(session, policy.version), version_before(session, policy)
    changes = differences(rules_of(session, before.version), rules) if before else []
    titles = _line_titles(visit)
    return visit.page(
        "console/policy.html",
        policy=policy,
        versions=all_policies(session),
        in_force=current_policy(session),
        before=before,
        text_changed=before is not None and before.digest != policy.digest,
        changes=[
            (titles[line], ", ".join(dict(SOURCES)[each] for each in sources), tell_rule(was), tell_rule(now))
            for line, sources, was, now in grouped(changes)
        ],
        sources=[title for _source, title in SOURCES],
        table=[(titles[line], [_cell(rules, source, line) for source in Source]) for line in SCOPES],
        said=visit.query("said"),
    )


def _cell(rules: Rules, source: Source, line: str) -> tuple[str, str]:
    rule = rules.get((source, line), NOTHING)
    return tell_rule(rule), TONES[rule.basis]


def _line_titles(visit: Visit) -> dict[str, str]:
    titles = {topic.name: topic.title for topic in all_topics(visit.session)}
    return {line: str(LINES.get(line) or titles.get(line, line)) for line in SCOPES}


def show_new_version(visit: Visit) -> Answer:
    """The form for the next version, filled from a preset or from the version in force."""
    session, start = visit.session, visit.query("from")
    now = policy_named(session, current_policy(session))
    rules = PRESETS[start]() if start in PRESETS else rules_of(session, now.version)
    preset = start if start in PRESETS else now.preset
    return _form(visit, rules, {"version": f"{visit.at:%Y-%m-%d}", "wording": now.wording, "preset": preset})


def _form(
    visit: Visit, rules: Mapping[Any, Rule], tried: Mapping[str, str], wrong: HeedfulError | None = None
) -> Answer:
    titles = _line_titles(visit)
    field = wrong.field if isinstance(wrong, BadInput) else None
    return visit.page(
        "console/policy_new.html",
        status=422 if wrong else 200,
        tried=tried,
        error=str(wrong) if wrong else "",
        error_field=field or "",
        sources=SOURCES,
        table=[(line, titles[line], [_choice(rules, source, line) for source in Source]) for line in SCOPES],
    )


def _choice(rules: Mapping[Any, Rule], source: Source, line: str) -> tuple[str, str, list[tuple[str, str]]]:
    """A cell's name, its rule, and what can be chosen for it: what is usual, and what stands there now."""
    rule = rules.get((source, line), NOTHING)
    usual = [each for each in USUAL if line not in ALWAYS_ASKED or each.basis is not Basis.NOTICE]
    options = [*usual, *([] if rule in usual else [rule])]
    return f"{source.value}:{line}", write_rule(rule), [(write_rule(each), tell_rule(each)) for each in options]


def publish(visit: Visit) -> Answer:
    """Publish the version in the form; a mistake is said beside its field, and every choice is kept."""
    tried = {name: visit.text(name) for name in ("version", "wording", "preset")}
    rules, wrong = _chosen(visit)
    try:
        published = _published(visit, rules, wrong, tried)
    except (BadInput, Conflict) as error:
        return _form(visit, rules, tried, error)
    return visit.redirect(f"{LIST}/versions/{published.version}?said=published")


def _chosen(visit: Visit) -> tuple[Rules, BadInput | None]:
    """The cells as chosen, and what is wrong with one that cannot be read."""
    rules, wrong = Rules(), None
    for source, line in ((source, line) for source in Source for line in SCOPES):
        try:
            rules[source, line] = read_rule(visit.text(f"{source.value}:{line}", Basis.NONE.value))
        except BadInput as error:
            wrong = error
    return rules, wrong


def _published(visit: Visit, rules: Rules, wrong: BadInput | None, tried: Mapping[str, str]) -> Policy:
    if wrong:
        raise wrong
    if tried["preset"] not in PRESETS:
        raise BadInput(_("Choose what it started from."), field="preset")
    require_sound(rules)
    by = visit.operator.email if visit.operator else ""
    return publish_version(
        visit.session, tried["version"], tried["preset"], rules, wording=tried["wording"], at=visit.at, operator=by
    )


PLACES = (
    Place(LIST, show_policy, role=Role.ANALYST),
    Place(NEW, show_new_version, role=Role.ADMIN),
    Place(NEW, publish, methods=("POST",), role=Role.ADMIN),
    Place(PAGE, show_version, role=Role.ANALYST),
)
