"""Console pages for segments: saved conditions, edited as rows of rules, counted live."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contacts.domain.conditions import describe, read_condition
from contacts.domain.verdicts import SENTENCES
from contacts.storage.reaches import Reach, reach_of
from contacts.storage.segments import Segment, all_segments, change_segment, save_segment, segment_numbered
from contacts.storage.topics import open_topics
from contacts.web.rule_forms import (
    OP_CHOICES,
    RuleForm,
    as_form,
    asked_rules,
    checked,
    is_about_rules,
    read_rules,
    rule_fields,
)
from contacts.web.rule_forms import said as sentence
from core.errors import BadInput, Conflict, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/segments"
PAGE = LIST + "/{segment_id:int}"


def list_segments(visit: Visit) -> Answer:
    """The saved conditions, each told in words."""
    rows = [(segment, describe(read_condition(segment.condition))) for segment in all_segments(visit.session)]
    return visit.page("console/segments.html", rows=rows, said=visit.query("said"))


def show_new_segment(visit: Visit) -> Answer:
    """The form for a new one."""
    return _form(visit, None, "", {})


def show_segment(visit: Visit) -> Answer:
    """One segment's rules, with whom they reach."""
    segment = segment_numbered(visit.session, int(visit.path["segment_id"]))
    return _form(visit, segment, segment.name, segment.condition)


def _form(
    visit: Visit,
    segment: Segment | None,
    name: str,
    condition: Mapping[str, Any],
    wrong: HeedfulError | None = None,
) -> Answer:
    about_rules = isinstance(wrong, BadInput) and is_about_rules(wrong)
    said_of_rules = wrong if about_rules and isinstance(wrong, BadInput) else None
    return visit.page(
        "console/segment.html",
        status=422 if wrong else 200,
        segment=segment,
        name=name,
        name_error=sentence(wrong) if wrong and not about_rules else None,
        rules=_rules(visit, condition, said_of_rules),
        rule_fields=rule_fields(visit.session),
        rule_ops=OP_CHOICES,
        topics=[(topic.name, topic.title) for topic in open_topics(visit.session)],
        topic=visit.text("topic"),
        said=visit.query("said"),
    )


def _rules(visit: Visit, condition: Mapping[str, Any], wrong: BadInput | None) -> RuleForm:
    shown = as_form(condition, error=wrong)
    return replace(shown, json=visit.text("rules_json")) if wrong and visit.text("rules_json") else shown


def create_segment(visit: Visit) -> Answer:
    """Save a new segment; with a mistake, show it beside its field."""
    name, condition = visit.text("name"), {}
    try:
        condition = read_rules(visit)
        segment = save_segment(visit.session, name, condition, at=visit.at)
    except (BadInput, Conflict) as error:
        return _form(visit, None, name, condition, error)
    return visit.redirect(f"{LIST}/{segment.id}?said=saved")


def keep_segment(visit: Visit) -> Answer:
    """Give a segment other rules."""
    segment = segment_numbered(visit.session, int(visit.path["segment_id"]))
    condition: dict[str, Any] = dict(segment.condition)
    try:
        condition = read_rules(visit)
        change_segment(visit.session, segment.id, condition)
    except BadInput as error:
        return _form(visit, segment, segment.name, condition, error)
    return visit.redirect(f"{LIST}/{segment.id}?said=saved")


def count_segment(visit: Visit) -> Answer:
    """A piece of the form: whom the rules in it reach now on a topic, and why not the others."""
    counted, error = None, ""
    try:
        counted = reach_of(visit.session, checked(asked_rules(visit)), visit.query("topic"), at=visit.at)
    except BadInput as wrong:
        error = sentence(wrong)
    return visit.page("console/audience_count.html", counted=counted, left_out=reasons(counted), count_error=error)


def reasons(counted: Reach | None) -> list[tuple[str, int]]:
    """Why people are left out, as sentences with their numbers."""
    return [(_(SENTENCES[reason]), number) for reason, number in counted.stopped.items()] if counted else []


PLACES = (
    Place(LIST, list_segments, role=Role.ANALYST),
    Place(f"{LIST}/new", show_new_segment, role=Role.EDITOR),
    Place(f"{LIST}/new", create_segment, methods=("POST",), role=Role.EDITOR),
    Place(f"{LIST}/count", count_segment, role=Role.ANALYST),
    Place(PAGE, show_segment, role=Role.ANALYST),
    Place(PAGE, keep_segment, methods=("POST",), role=Role.EDITOR),
)
