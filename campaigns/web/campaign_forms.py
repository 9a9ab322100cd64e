"""The campaign form: which fields it shows for a template, a draft as its values, and its values as a draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from campaigns.domain.campaign_files import CampaignDraft, DraftSender
from campaigns.domain.content_checks import is_list_of_tables
from campaigns.domain.toml_text import read_toml, write_toml
from campaigns.domain.wishes import DraftSchedule
from campaigns.mail.relay_urls import read_relay_urls
from campaigns.web.hour_forms import read_hours
from contacts.web.rule_forms import asked_rules, read_rules
from core.errors import BadInput
from core.language import gettext as _
from core.web.visits import Visit

NOW = "now"
SEGMENT = "segment"
SECTIONS = "sections"
SPARE_SECTIONS = 1
SECTION_KEYS = ("title", "text", "image_url", "image_alt", "link_label", "link_url")


@dataclass(frozen=True)
class ContentField:
    """One content field of a template: its key, what it is called, and how much is written into it."""

    key: str
    label: str
    kind: str = "line"
    help: str = ""


HEADLINE = ContentField("headline", _("Headline"))
INTRO = ContentField("intro", _("Opening sentence"))
BODY = ContentField("body", _("Text"), "area", _("Markdown: **bold**, lists with a hyphen, [words](https://…)."))
BUTTON = (ContentField("button_label", _("Button")), ContentField("button_url", _("Button leads to"), "url"))
PICTURE = (
    ContentField("image_url", _("Picture"), "url", _("An https address; 1008 pixels wide looks sharp.")),
    ContentField("image_alt", _("What the picture shows"), help=_("Read out where pictures are off.")),
)
CLOSING = ContentField("closing", _("Closing words"), "area")
WRITTEN_IN = ContentField("language", _("Written in"), help=_("Such as de or pt-BR: the words around yours follow."))
SURVEY = (
    ContentField("purpose", _("What the answers are for")),
    ContentField("minutes", _("Minutes it takes")),
    ContentField("ends", _("Open until")),
    ContentField("sponsor", _("Who asks")),
)
FIELDS: Mapping[str, tuple[ContentField, ...]] = {
    "announcement": (HEADLINE, INTRO, *PICTURE, BODY, *BUTTON, CLOSING, WRITTEN_IN),
    "update": (HEADLINE, ContentField("version", _("Version")), INTRO, BODY, *BUTTON, CLOSING, WRITTEN_IN),
    "offer": (
        HEADLINE,
        INTRO,
        *PICTURE,
        ContentField("price", _("Price")),
        ContentField("code", _("Code")),
        ContentField("ends", _("Ends")),
        BODY,
        *BUTTON,
        ContentField("terms", _("Terms"), "area"),
        CLOSING,
        WRITTEN_IN,
    ),
    "survey_invitation": (HEADLINE, INTRO, BODY, *SURVEY, BUTTON[0], CLOSING, WRITTEN_IN),
    "survey_reminder": (HEADLINE, INTRO, BODY, *SURVEY, BUTTON[0], CLOSING, WRITTEN_IN),
}
WITH_SECTIONS = frozenset({"announcement", "update"})


@dataclass(frozen=True)
class Written:
    """What stands in the form: a draft, the extra content as text, and the first part that cannot be read."""

    draft: CampaignDraft
    more: str | None = None
    wrong: BadInput | None = None


def content_values(written: Written) -> dict[str, str]:
    """The content of a draft as texts, and what no field shows as TOML under `more`."""
    draft = written.draft
    shown = {field.key for field in FIELDS.get(draft.template, ())}
    shown |= {SECTIONS} if draft.template in WITH_SECTIONS else set()
    fitting = {key: value for key, value in draft.content.items() if key in shown and _fits(key, value)}
    values = {key: str(value) for key, value in fitting.items() if key != SECTIONS}
    rest = {key: value for key, value in draft.content.items() if key not in fitting}
    return values | {"more": write_toml(rest) if written.more is None else written.more}


def _fits(key: str, value: object) -> bool:
    """Whether a field can show the value; what a file gave as something else is kept as TOML."""
    return is_list_of_tables(value) if key == SECTIONS else isinstance(value, str | int | float)


def sections_of(draft: CampaignDraft) -> list[Mapping[str, Any]]:
    """The sections of a draft, and a spare one to be filled."""
    if draft.template not in WITH_SECTIONS:
        return []
    given = draft.content.get(SECTIONS, [])
    kept: list[Mapping[str, Any]] = given if is_list_of_tables(given) else []
    return [*kept, *({} for _spare in range(SPARE_SECTIONS))]


def read_form(visit: Visit, before: CampaignDraft) -> Written:
    """What the form says; what it does not show stays as it was before, and what cannot be read loses nothing else."""
    names = ("title", "topic", "subject", "preheader", "html", "text")
    words: dict[str, Any] = {name: visit.text(name).replace("\r\n", "\n") for name in names}
    more = visit.text("more").replace("\r\n", "\n")
    wrong: BadInput | None = None
    extra: dict[str, Any] = {}
    audience: dict[str, Any] = dict(before.audience)
    try:
        audience = read_audience(visit)
        extra = _read_more(more)
    except BadInput as error:
        wrong = error
    draft = replace(
        before,
        **words,
        template=visit.text("template"),
        tracking=visit.text("tracking") == "1",
        relay=visit.text("relay") if "relay" in visit.form else before.relay,
        content=extra | _read_content(visit, before),
        audience=audience,
        sender=DraftSender(visit.text("sender_name"), visit.text("sender_email"), visit.text("reply_to")),
        schedule=DraftSchedule(
            _read_wish(visit),
            visit.text("zone"),
            timed_for=visit.text("timed_for"),
            hours=read_hours(visit),
            hours_in=visit.text("hours_in"),
            rate=visit.text("rate"),
        ),
    )
    return Written(draft, more, wrong)


def _read_more(more: str) -> dict[str, Any]:
    try:
        return read_toml(more)
    except BadInput as error:
        raise BadInput(error.message, field="more", line=error.line, remedy=error.remedy) from None


def read_audience(visit: Visit) -> dict[str, Any]:
    """Whom the form means: a saved segment by its name, or the rules in its rows."""
    return {SEGMENT: visit.text("segment")} if visit.text("segment") else read_rules(visit)


def asked_audience(visit: Visit) -> dict[str, Any]:
    """The same from the query string, for a live count."""
    return {SEGMENT: visit.query("segment")} if visit.query("segment") else asked_rules(visit)


def _read_wish(visit: Visit) -> str:
    """When it should go: at once, at a local moment as the browser writes it, or undecided."""
    if visit.text("when") == NOW:
        return NOW
    return visit.text("at").replace("T", " ") if visit.text("when") == "at" else ""


def _read_content(visit: Visit, before: CampaignDraft) -> dict[str, Any]:
    fields = {field.key: visit.text(f"content_{field.key}") for field in FIELDS.get(_template_shown(visit, before), ())}
    content: dict[str, Any] = {key: text.replace("\r\n", "\n") for key, text in fields.items() if text}
    if sections := list(_read_sections(visit)):
        content[SECTIONS] = sections
    return content


def _template_shown(visit: Visit, before: CampaignDraft) -> str:
    """The template whose fields the form had: a form shown again has those of the one chosen in it."""
    return visit.text("fields_of") if "fields_of" in visit.form else before.template


def _read_sections(visit: Visit) -> Iterator[dict[str, str]]:
    columns = [visit.texts(f"section_{key}") for key in SECTION_KEYS]
    for row in zip(*columns, strict=False):
        section = {
            key: text.strip().replace("\r\n", "\n") for key, text in zip(SECTION_KEYS, row, strict=True) if text.strip()
        }
        if section:
            yield section


def relay_choices(smtp_url: str, chosen: str) -> list[tuple[str, str]]:
    """The mail servers that a campaign may ask for; none where there is nothing to choose."""
    names = [relay.plan.name for relay in read_relay_urls(smtp_url)]
    if len(names) == 1 and chosen in {"", *names}:
        return []
    gone = [] if chosen in {"", *names} else [chosen]
    return [("", _("any that may take it")), *((name, name) for name in [*names, *gone])]
