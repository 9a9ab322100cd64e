"""Console pages for edits of many contacts: what to change, a count before, the work in the background, its report."""

import logging
import threading
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.responses import Response

from contacts.domain.edits import Edit, read_edit
from contacts.domain.facts import Door
from contacts.services.edit_contacts import EditPreview, EditTerms, edit_contacts, preview_edit
from contacts.storage.contact_edits import ContactEdit, edit_numbered, latest_edits
from contacts.storage.segments import Segment, segment_numbered
from contacts.storage.topics import open_topics
from contacts.web.import_pages import SILENT
from contacts.web.rule_forms import said as sentence
from contacts.web.stories import scope_titles
from core.errors import BadInput
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

log = logging.getLogger("heedful.edit")
FORM = "/console/segments/{segment_id:int}/edit"
PAGE = "/console/edits/{edit_id:int}"
PATIENCE = 3.0
"""Seconds to wait for the edit to be written down before its page is shown."""
COUNTS = (
    ("contacts", _("contacts looked at")),
    ("changed", _("profiles changed")),
    ("opt_outs", _("opt-outs recorded")),
    ("children", _("children flagged")),
    ("unchanged", _("left as they were")),
)


def show_edit_form(visit: Visit) -> Answer:
    """What to change about the contacts of a segment."""
    return _form(visit, segment_numbered(visit.session, int(visit.path["segment_id"])))


def _form(
    visit: Visit, segment: Segment, *, error: str = "", field: str = "", seen: EditPreview | None = None
) -> Answer:
    titles = scope_titles(open_topics(visit.session))
    return visit.page(
        "console/segment_edit.html",
        status=422 if error else 200,
        segment=segment,
        tried=visit.form,
        scopes=[("", _("nothing")), *titles.items()],
        seen=seen,
        counts=_counted(seen.counts) if seen else [],
        error=error,
        error_field=field,
    )


def _counted(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(word, counts[name]) for name, word in COUNTS if counts.get(name)]


def edit_segment(visit: Visit) -> Answer:
    """Count first; begin the work only when somebody has seen the count and says so."""
    segment = segment_numbered(visit.session, int(visit.path["segment_id"]))
    try:
        edit = _read(visit)
        if visit.text("then") != "begin":
            return _form(visit, segment, seen=preview_edit(visit.session, segment.condition, edit, at=visit.at))
    except BadInput as error:
        return _form(visit, segment, error=sentence(error), field=_NAMES.get(error.field or "", error.field or ""))
    return partial(_start, visit, _terms(visit, segment, edit))


_NAMES = {"map": "clear", "scope": "opt_out"}
"""Where a mistake is shown that the rules name otherwise."""


def _read(visit: Visit) -> Edit:
    edit = read_edit(
        pairs=[line for line in visit.text("set").splitlines() if line.strip()],
        cleared=[name for name in visit.text("clear").split(",") if name.strip()],
        language=visit.text("language"),
        time_zone=visit.text("time_zone"),
        opt_outs=[visit.text("opt_out")] if visit.text("opt_out") else [],
        child=visit.text("child") == "1",
    )
    if edit.restricts and not visit.text("evidence"):
        raise BadInput(_("Say how we know."), field="evidence")
    return edit


def _terms(visit: Visit, segment: Segment, edit: Edit) -> EditTerms:
    operator = visit.operator
    return EditTerms(
        condition=dict(segment.condition),
        edit=edit,
        door=Door.OPERATOR,
        segment=segment.name,
        operator=operator.email if operator else "",
        evidence=_("{evidence} (operator {number})").format(
            evidence=visit.text("evidence"), number=operator.id if operator else 0
        ),
        confirm_seconds=visit.settings.confirm_seconds,
    )


def _start(visit: Visit, terms: EditTerms) -> Response:
    """Begin the work in the background, and show its page as soon as it is written down."""
    threading.Thread(target=_work, args=(visit, terms), name="edit", daemon=True).start()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with visit.database.reading() as session:
            begun = [each.id for each in latest_edits(session, 5) if each.started_at == visit.at]
        if begun:
            return visit.redirect(f"/console/edits/{begun[0]}")
        time.sleep(0.02)
    return visit.redirect("/console/segments")


def _work(visit: Visit, terms: EditTerms) -> None:
    try:
        edit_contacts(visit.database, terms, at=visit.at)
    except Exception as error:  # noqa: BLE001 - a thread has nobody above it to tell; the edit's record does
        log.warning("an edit ended early", extra={"kind": type(error).__name__})


def show_edit(visit: Visit) -> Answer:
    """How far an edit is, or what became of it."""
    return visit.page("console/edit.html", **_told(visit))


def show_edit_live(visit: Visit) -> Answer:
    """The piece of the page that changes while contacts are edited."""
    return visit.page("console/edit_live.html", **_told(visit))


def _told(visit: Visit) -> dict[str, Any]:
    run: ContactEdit = edit_numbered(visit.session, int(visit.path["edit_id"]))
    running = run.state == "running"
    return {
        "run": run,
        "counts": _counted(run.counts),
        "done": run.counts.get("contacts", 0),
        "running": running,
        "silent": running and visit.at - run.touched_at > SILENT,
    }


PLACES = (
    Place(FORM, show_edit_form, role=Role.EDITOR),
    Place(FORM, edit_segment, methods=("POST",), role=Role.EDITOR),
    Place(PAGE, show_edit, role=Role.EDITOR),
    Place(f"{PAGE}/live", show_edit_live, role=Role.EDITOR),
)
