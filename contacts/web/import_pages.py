"""Console pages for bringing contacts in: a file, its columns, the work in the background, and the report."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from starlette.responses import FileResponse, Response

from contacts.domain.addresses import PepperRing
from contacts.domain.hash_lists import looks_hashed
from contacts.domain.headings import Field
from contacts.domain.policy import Source
from contacts.domain.scopes import EVERYTHING, TRACKING
from contacts.domain.sheets import Table, TableShape, open_table
from contacts.services.import_contacts import Examined, ImportOptions, examine, import_contacts
from contacts.storage.imports import ImportState, import_numbered, latest_imports
from contacts.storage.topics import open_topics
from contacts.storage.uploads import Upload, stage, staged, unstage
from contacts.web.import_forms import ENCODINGS, MODES, Chosen, missing, options_of, read_chosen, shape_choices
from contacts.web.rule_forms import said as sentence
from core.errors import BadInput, HeedfulError, NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

log = logging.getLogger("heedful.import")

LIST = "/console/imports"
WAITING = LIST + "/new/{key}"
PAGE = LIST + "/{run_id:int}"
SHOWN_ROWS = 5
SILENT = timedelta(minutes=2)
PATIENCE = 3.0
"""Seconds to wait for the import to be written down before its page is shown."""


@dataclass(frozen=True)
class Found:
    """What a file looks like: its shape, where each column goes, and its first rows."""

    shape: TableShape
    targets: tuple[str, ...]
    samples: tuple[list[str], ...]


COUNTS = (
    ("rows", _("rows read")),
    ("added", _("contacts added")),
    ("known", _("known already")),
    ("repeated", _("repeated in the file")),
    ("unknown", _("not known, and not added")),
    ("filled", _("profiles with empty fields filled")),
    ("updated", _("profiles updated")),
    ("consents", _("consents recorded")),
    ("notices", _("notices recorded")),
    ("opt_outs", _("opt-outs recorded")),
    ("listed", _("opted out on arrival: on a hashed suppression list")),
    ("hashes", _("hashes kept")),
    ("matched", _("contacts matched and opted out")),
    ("children", _("children flagged")),
    ("restrictions_known", _("restrictions known already")),
    ("left_before", _("left or forgotten before: not brought back")),
    ("consents_of_known", _("consents not taken: the address was known")),
    ("consents_unjustified", _("consents not taken: the policy does not justify them")),
    ("rejected", _("rows rejected")),
)


def show_imports(visit: Visit) -> Answer:
    """Choose a file, and see what was imported before."""
    return _imports(visit)


def _imports(visit: Visit, *, error: str | None = None) -> Answer:
    runs = latest_imports(visit.session)
    return visit.page("console/imports.html", status=422 if error else 200, runs=runs, error=error)


def upload(visit: Visit) -> Answer:
    """Keep the file until its columns are mapped; one that cannot be read is refused at once."""
    file = visit.file("file")
    if file is None:
        return _imports(visit, error=_("Choose a file."))
    folder = uploads(visit)
    key = stage(folder, file.filename or "contacts.csv", file.file, at=visit.at)
    try:
        with staged(folder, key).path.open("rb") as stream:
            if looks_hashed(stream):
                return visit.redirect(f"{LIST}/hashes/{key}")
            examine(stream, ImportOptions(choices={}))
    except BadInput as error:
        if error.field != "map":
            unstage(folder, key)
            return _imports(visit, error=sentence(error))
    return visit.redirect(f"{LIST}/new/{key}")


def uploads(visit: Visit) -> Path:
    """Where files wait until their import is begun."""
    return visit.settings.data_dir / "uploads"


def show_mapping(visit: Visit) -> Answer:
    """What was found in the file, and where each column goes."""
    return _mapping(visit, Chosen(source_time=visit.at.date().isoformat()), {})


def _mapping(visit: Visit, chosen: Chosen, errors: Mapping[str, str]) -> Answer:
    waiting = staged(uploads(visit), str(visit.path["key"]))
    found, told = _look(visit, waiting, chosen)
    errors = {**told, **errors}
    scopes = [(topic.name, topic.title) for topic in open_topics(visit.session)] + [(TRACKING, _("Click tracking"))]
    return visit.page(
        "console/import_mapping.html",
        status=422 if errors else 200,
        key=visit.path["key"],
        waiting=waiting,
        found=found,
        chosen=chosen,
        errors=errors,
        encodings=sorted({*ENCODINGS, found.shape.encoding}),
        sources=list(Source),
        modes=MODES,
        scopes=scopes,
        targets=targets(scopes),
    )


def _look(visit: Visit, waiting: Upload, chosen: Chosen) -> tuple[Found, dict[str, str]]:
    """The table as chosen; where that cannot be, as far as it can be read, with what is wrong."""
    try:
        examined = _examine(waiting, options_of(visit, chosen, waiting.file_name))
    except BadInput as error:
        return _plain(waiting, chosen), {error.field or "map": sentence(error)}
    samples = tuple(record.cells for record in examined.samples[:SHOWN_ROWS])
    return Found(examined.table.shape, tuple(examined.mapping), samples), {}


def _examine(waiting: Upload, options: ImportOptions) -> Examined:
    with waiting.path.open("rb") as stream:
        return examine(stream, options)


def _plain(waiting: Upload, chosen: Chosen) -> Found:
    """The table with nothing mapped but what was chosen, to be shown with the question."""
    with waiting.path.open("rb") as stream:
        table = _opened(stream, chosen)
        samples = tuple(record.cells for record in islice(table.records(), SHOWN_ROWS) if not record.fault)
    columns = table.shape.columns
    return Found(table.shape, tuple(chosen.columns.get(column, "") for column in columns), samples)


def _opened(stream: IO[bytes], chosen: Chosen) -> Table:
    """The table as chosen, or where that cannot be as it is found."""
    try:
        return open_table(stream, **shape_choices(chosen))
    except BadInput:
        stream.seek(0)
        return open_table(stream)


def begin(visit: Visit) -> Answer:
    """Look again with other choices, or begin the import once everything is said."""
    chosen = read_chosen(visit)
    waiting = staged(uploads(visit), str(visit.path["key"]))
    if visit.text("then") == "look":
        return _mapping(visit, chosen, {})
    try:
        options = options_of(visit, chosen, waiting.file_name)
        errors = missing(chosen, _examine(waiting, options))
    except BadInput as error:
        errors, options = {error.field or "map": sentence(error)}, ImportOptions()
    if errors:
        return _mapping(visit, chosen, errors)
    return partial(_start, visit, str(visit.path["key"]), options)


def _start(visit: Visit, key: str, options: ImportOptions) -> Response:
    return start(visit, key, partial(_take, visit, options))


Taker = Callable[[IO[bytes]], object]
"""What reads the file that waits."""


def _take(visit: Visit, options: ImportOptions, stream: IO[bytes]) -> object:
    return import_contacts(visit.database, stream, options, ring=PepperRing.of(visit.settings), at=visit.at)


def start(visit: Visit, key: str, take: Taker) -> Response:
    """Begin the work in the background, and show its page as soon as it is written down."""
    problems: list[HeedfulError] = []
    work = threading.Thread(target=_work, args=(visit, key, take, problems), name="import", daemon=True)
    work.start()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not problems:
        with visit.database.reading() as session:
            runs = [run.id for run in latest_imports(session, 5) if run.started_at == visit.at]
        if runs:
            return visit.redirect(f"{LIST}/{runs[0]}?said=imported")
        time.sleep(0.02)
    if problems:
        raise problems[0]
    return visit.redirect(f"{LIST}?said=imported")


def _work(visit: Visit, key: str, take: Taker, problems: list[HeedfulError]) -> None:
    """The work itself; what goes wrong is in the import's record, and in the log without a word of the file."""
    folder = uploads(visit)
    try:
        with staged(folder, key).path.open("rb") as stream:
            take(stream)
        unstage(folder, key)
    except HeedfulError as error:
        problems.append(error)
    except Exception as error:  # noqa: BLE001 - a thread has nobody above it to tell
        log.warning("an import ended early", extra={"kind": type(error).__name__})


def show_import(visit: Visit) -> Answer:
    """How far an import is, or what became of it."""
    return visit.page("console/import.html", said=visit.query("said"), **_told(visit))


def show_import_live(visit: Visit) -> Answer:
    """The piece of the page that changes while rows are read."""
    return visit.page("console/import_live.html", **_told(visit))


def _told(visit: Visit) -> Mapping[str, Any]:
    run = import_numbered(visit.session, int(visit.path["run_id"]))
    running = run.state == ImportState.RUNNING.value
    return {
        "run": run,
        "counts": [(word, run.counts[name]) for name, word in COUNTS if run.counts.get(name)],
        "running": running,
        "silent": running and visit.at - run.touched_at > SILENT,
    }


def download_rejects(visit: Visit) -> Answer:
    """The rows that did not go in, as the file that was written beside the import."""
    run = import_numbered(visit.session, int(visit.path["run_id"]))
    path = visit.settings.data_dir / "rejects" / Path(run.rejects).name
    if not run.rejects or not path.is_file():
        raise NotFound(_("There is no file of rejected rows."))
    return FileResponse(path, media_type="text/csv; charset=utf-8", filename=path.name)


def targets(scopes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where a column can go, besides its own attribute."""
    words = {
        Field.ADDRESS: _("email address"),
        Field.GIVEN_NAME: _("given name"),
        Field.FAMILY_NAME: _("family name"),
        Field.FULL_NAME: _("full name"),
        Field.LOCALE: _("language"),
        Field.TIME_ZONE: _("time zone"),
        Field.CHILD: _("is a child"),
        Field.BIRTH_DATE: _("date of birth (kept as the child flag only)"),
        Field.OPT_OUTS: _("opted out, of what the cell says"),
        Field.CONSENTS: _("agreed to what the cell says"),
        Field.SOURCE: _("where it came from"),
        Field.SOURCE_TIME: _("when it came"),
        Field.EVIDENCE: _("evidence"),
        Field.IGNORE: _("nothing: leave it out"),
    }
    plain = [(field.value, word) for field, word in words.items()]
    agreed = [(f"consents.{name}", _("agreed to: {title}").format(title=title)) for name, title in scopes]
    stopped = [(f"opt_outs.{name}", _("opted out of: {title}").format(title=title)) for name, title in scopes]
    return [*plain, (f"opt_outs.{EVERYTHING}", _("opted out of everything")), *agreed, *stopped]


PLACES = (
    Place(LIST, show_imports, role=Role.EDITOR),
    Place(LIST, upload, methods=("POST",), role=Role.EDITOR, uploads=True),
    Place(WAITING, show_mapping, role=Role.EDITOR),
    Place(WAITING, begin, methods=("POST",), role=Role.EDITOR),
    Place(PAGE, show_import, role=Role.EDITOR),
    Place(f"{PAGE}/live", show_import_live, role=Role.EDITOR),
    Place(f"{PAGE}/rejects", download_rejects, role=Role.EDITOR),
)
