"""A campaign as a TOML file: read into a draft, every mistake named by line and key, and written back without loss."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from campaigns.domain.file_slips import LONGEST_LINE, is_line, line_remedy, refuse_misplaced
from campaigns.domain.toml_text import line_of, read_toml, refuse_unknown, write_toml
from campaigns.domain.trials import DraftTrial, check_trial, read_trial, says_nothing_else, told, with_variant_files
from campaigns.domain.winners import letter_of
from campaigns.domain.wishes import DraftSchedule, check_schedule
from contacts.domain.conditions import read_condition
from core.cards import mask_card_numbers
from core.errors import BadInput
from core.language import gettext as _
from core.storable import unstorable_place

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_NAME = 80
PARTS = ("html", "text")
SEGMENT = "segment"


@dataclass(frozen=True)
class DraftSender:
    """Who the campaign is from; empty parts come from the settings."""

    name: str = ""
    email: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class CampaignDraft:
    """What a team writes down about a campaign, before anything is checked against the database."""

    name: str
    title: str
    topic: str
    template: str = ""
    subject: str = ""
    preheader: str = ""
    html: str = ""
    text: str = ""
    html_file: str = ""
    text_file: str = ""
    relay: str = ""
    tracking: bool = True
    sender: DraftSender = DraftSender()
    content: Mapping[str, Any] = field(default_factory=dict)
    audience: Mapping[str, Any] = field(default_factory=dict)
    schedule: DraftSchedule = field(default_factory=DraftSchedule)
    trial: DraftTrial = field(default_factory=DraftTrial)


_TOP = tuple(each.name for each in fields(CampaignDraft))
_WORDS = tuple(name for name in _TOP if name not in {"tracking", "sender", "content", "audience", "schedule", "trial"})
_REQUIRED = ("name", "title", "topic")


def read_campaign(text: str) -> CampaignDraft:
    """Read a campaign file.

    Raises:
        BadInput: with line and key of the first mistake.
    """
    given = read_toml(text)
    refuse_unknown(given, _TOP, text)
    refuse_misplaced(given, _TOP, text)
    words = {key: _text_of(given, key, text) for key in _WORDS if key in given}
    for key in _REQUIRED:
        if not words.get(key, "").strip():
            raise BadInput(
                _("The key “{key}” is missing.").format(key=key),
                field=key,
                line=line_of(text, key),
                remedy=_('Add a line such as: {key} = "…"').format(key=key),
            )
    draft = CampaignDraft(
        **words,
        tracking=_truth_of(given, "tracking", text),
        sender=DraftSender(**_strings(given, "sender", DraftSender, text)),
        content=_mapping(given, "content", text),
        audience=_mapping(given, "audience", text),
        schedule=DraftSchedule(**_strings(given, "schedule", DraftSchedule, text)),
        trial=read_trial(given, text),
    )
    check_draft(draft, text)
    return draft


def check_draft(draft: CampaignDraft, text: str = "") -> None:
    """Refuse a draft whose lines cannot work, whether it came from a file or a form.

    Raises:
        BadInput: naming the field, and the line where there is a file.
    """
    if not NAME.fullmatch(draft.name) or len(draft.name) > LONGEST_NAME:
        raise BadInput(
            _("“{name}” cannot be the name of a campaign.").format(name=draft.name),
            field="name",
            line=line_of(text, "name"),
            remedy=_("Use small letters, digits and single hyphens, such as spring-update-2026."),
        )
    _check_lines(draft, text)
    _require_storable(draft, text)
    for part in PARTS:
        if getattr(draft, part) and getattr(draft, f"{part}_file"):
            raise BadInput(
                _("Both {part} and {part}_file are given.").format(part=part),
                field=part,
                line=line_of(text, part),
                remedy=_("Keep one of them."),
            )
    _check_audience(draft.audience, text)
    check_schedule(draft.schedule, text)
    check_trial(draft.trial, text)
    _check_variety(draft, text)


def _check_lines(draft: CampaignDraft, text: str) -> None:
    places = [(draft, (key,)) for key in ("title", "subject", "preheader")]
    for owner, path in [*places, *((draft.sender, ("sender", each.name)) for each in fields(DraftSender))]:
        value = getattr(owner, path[-1])
        if not is_line(value):
            raise BadInput(
                _("The {key} must be one line of at most {most} characters.").format(key=path[-1], most=LONGEST_LINE),
                field=".".join(path),
                line=line_of(text, *path),
                remedy=line_remedy(value),
            )


def _require_storable(draft: CampaignDraft, text: str) -> None:
    place = unstorable_place(asdict(draft))
    if place is not None:
        raise BadInput(
            _("This cannot be kept: it has the character NUL, half of a character, or a number beyond 64 bits."),
            field=place,
            line=line_of(text, *place.split(".")),
        )


def _check_variety(draft: CampaignDraft, text: str) -> None:
    """Each variant says something else than the campaign; one whose files are still to be read is not judged."""
    for number, variant in enumerate(draft.trial.variants, 2):
        unread = variant.html_file or variant.text_file
        if not unread and varied(draft, number) == varied(draft, 1):
            raise says_nothing_else(letter_of(number), text)


def _check_audience(audience: Mapping[str, Any], text: str) -> None:
    """An audience is a condition, or names a saved one: {"segment": "customers"}."""
    if SEGMENT in audience:
        if set(audience) != {SEGMENT} or not isinstance(audience[SEGMENT], str):
            raise BadInput(
                _("An audience names one segment, or has rules of its own, not both."),
                field="audience",
                line=line_of(text, "audience"),
                remedy=_('For example: segment = "customers"'),
            )
        return
    try:
        read_condition(audience)
    except BadInput as wrong:
        raise BadInput(
            wrong.message,
            field=f"audience.{wrong.field}",
            line=line_of(text, "audience", str(wrong.field)) or line_of(text, "audience"),
            remedy=wrong.remedy,
        ) from None


def with_files(draft: CampaignDraft, read: Callable[[str], str]) -> CampaignDraft:
    """Put the files that the draft names into it. `read` gets the path as written, and raises BadInput if it cannot."""
    if draft.html_file:
        draft = replace(draft, html=mask_card_numbers(read(draft.html_file)), html_file="")
    if draft.text_file:
        draft = replace(draft, text=mask_card_numbers(read(draft.text_file)), text_file="")
    return replace(draft, trial=with_variant_files(draft.trial, read))


def varied(draft: CampaignDraft, number: int) -> CampaignDraft:
    """The draft as variant `number` of its trial says it; A, 1, is the draft itself."""
    alone = replace(draft, trial=DraftTrial())
    if number == 1:
        return alone
    variant = draft.trial.variants[number - 2]
    text = variant.text or ("" if variant.html else draft.text)
    return replace(
        alone,
        subject=variant.subject or draft.subject,
        preheader=variant.preheader or draft.preheader,
        html=variant.html or draft.html,
        text=text,
        content={**draft.content, **variant.content},
    )


def write_campaign(draft: CampaignDraft) -> str:
    """Write the draft as a file; reading it gives the same draft."""
    values = asdict(draft) | {"trial": told(asdict(draft.trial)) if draft.trial != DraftTrial() else None}
    return write_toml({key: value for key, value in values.items() if key in _REQUIRED or _is_told(key, value)})


def _is_told(key: str, value: Any) -> bool:
    """Leave out what a reader would assume anyway."""
    if key == "tracking":
        return value is False
    if key in {"sender", "schedule"}:
        return any(value.values())
    return bool(value)


def _text_of(given: Mapping[str, Any], key: str, text: str, *table: str) -> str:
    value = given[key]
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if (*table, key) == ("schedule", "rate") and isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise BadInput(
            _("The value of “{key}” must be text.").format(key=key),
            field=".".join((*table, key)),
            line=line_of(text, *table, key),
            remedy=_('Put it between quotes: {key} = "…"').format(key=key),
        )
    return value


def _truth_of(given: Mapping[str, Any], key: str, text: str) -> bool:
    value = given.get(key, True)
    if not isinstance(value, bool):
        raise BadInput(
            _("The value of “{key}” must be true or false.").format(key=key), field=key, line=line_of(text, key)
        )
    return value


def _mapping(given: Mapping[str, Any], key: str, text: str) -> dict[str, Any]:
    value = given.get(key, {})
    if not isinstance(value, dict):
        raise BadInput(
            _("“{key}” must be a table.").format(key=key),
            field=key,
            line=line_of(text, key),
            remedy=_("Begin it with a line [{key}].").format(key=key),
        )
    return value


def _strings(given: Mapping[str, Any], key: str, shape: type, text: str) -> dict[str, str]:
    table = _mapping(given, key, text)
    refuse_unknown(table, (each.name for each in fields(shape)), text, key)
    return {name: _text_of(table, name, text, key) for name in table}
