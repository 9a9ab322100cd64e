"""The import form: what a person chose about a file, as options of the import and as values to show again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from contacts.domain.columns import Target, read_target
from contacts.domain.dates import read_moment
from contacts.domain.headings import Field
from contacts.domain.import_modes import ImportMode
from contacts.domain.policy import Source
from contacts.domain.rows import Defaults
from contacts.domain.sound_defaults import require_sound
from contacts.services.import_contacts import Examined, ImportOptions
from contacts.storage.topics import open_topics
from core.errors import BadInput
from core.language import gettext as _
from core.web.visits import Visit

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
MODES = (
    (ImportMode.ADD, _("Add who is new; who is known stays as they are")),
    (ImportMode.FILL, _("Add who is new, and fill what is empty of who is known")),
    (ImportMode.UPDATE, _("Update names, language, time zone and attributes of who is known; add nobody")),
    (ImportMode.RESTRICT, _("Suppression list: opt everybody in it out of everything; add nobody")),
)
ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15", "shift-jis", "euc-jp", "gb18030", "big5")
GUESS = ""


@dataclass(frozen=True)
class Chosen:
    """What stands in the form, as written."""

    encoding: str = GUESS
    delimiter: str = GUESS
    header: str = GUESS
    columns: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    source_time: str = ""
    evidence: str = ""
    consents: tuple[str, ...] = ()
    mode: str = ImportMode.FILL.value
    notice: bool = False


def read_chosen(visit: Visit) -> Chosen:
    """What the form says."""
    names, fields = visit.texts("column"), visit.texts("field")
    return Chosen(
        encoding=visit.text("encoding"),
        delimiter=visit.text("delimiter"),
        header=visit.text("header"),
        columns=dict(zip(names, fields, strict=False)),
        source=visit.text("source"),
        source_time=visit.text("source_time"),
        evidence=visit.text("evidence"),
        consents=tuple(visit.texts("consents")),
        mode=visit.text("mode") or ImportMode.FILL.value,
        notice=visit.text("notice") == "1",
    )


def options_of(visit: Visit, chosen: Chosen, file_name: str) -> ImportOptions:
    """The options that the choices make.

    Raises:
        BadInput: a field is unknown, or what is said of all rows cannot be.
    """
    operator = visit.operator
    zone = ZoneInfo(operator.time_zone if operator else visit.settings.time_zone)
    defaults = Defaults(
        source=Source(chosen.source) if chosen.source in set(Source) else None,
        source_at=_moment(chosen.source_time, zone),
        evidence=chosen.evidence,
        consents=chosen.consents,
        zone=zone,
    )
    require_sound(defaults, frozenset(topic.name for topic in open_topics(visit.session)), visit.at)
    return ImportOptions(
        file_name=file_name,
        operator=operator.email if operator else "",
        choices=_choices(chosen),
        defaults=defaults,
        **shape_choices(chosen),
        age_limit=visit.settings.child_age,
        mode=_mode(chosen),
        notice=chosen.notice,
        rejects_folder=visit.settings.data_dir / "rejects",
        confirm_seconds=visit.settings.confirm_seconds,
    )


def shape_choices(chosen: Chosen) -> dict[str, Any]:
    """What was chosen about the file's shape; None where it is to be found out."""
    header = {"yes": True, "no": False}.get(chosen.header)
    return {"encoding": chosen.encoding or None, "delimiter": DELIMITERS.get(chosen.delimiter), "header": header}


def _mode(chosen: Chosen) -> ImportMode:
    if chosen.mode not in set(ImportMode):
        raise BadInput(_("Choose what the import is to do."), field="mode")
    return ImportMode(chosen.mode)


def _choices(chosen: Chosen) -> dict[str, Target]:
    return {column: read_target(written) for column, written in chosen.columns.items() if written}


def _moment(written: str, zone: ZoneInfo) -> datetime | None:
    if not written:
        return None
    moment = read_moment(written, zone)
    if moment is None:
        raise BadInput(_("Write it as 2026-11-22 or 2026-11-22 09:30."), field="source_time")
    return moment


def missing(chosen: Chosen, examined: Examined) -> dict[str, str]:
    """What is still to be said, by field: source, time and evidence, unless a column says it for each row."""
    mapped = {target.field for target in examined.targets}
    needed = (
        (Field.SOURCE, "source", chosen.source, _("Say where these addresses came from, or map a column to it.")),
        (Field.SOURCE_TIME, "source_time", chosen.source_time, _("Say when, or map a column to it.")),
        (Field.EVIDENCE, "evidence", chosen.evidence, _("Say what proves it, or map a column to it.")),
    )
    if _mode(chosen) is ImportMode.RESTRICT:
        return {}
    return {name: text for field_, name, value, text in needed if field_ not in mapped and not value}
