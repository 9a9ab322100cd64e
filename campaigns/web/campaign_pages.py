"""Console pages where campaigns are listed, begun and written."""

import re
import unicodedata
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from campaigns.domain.campaign_files import LONGEST_NAME, CampaignDraft, check_draft
from campaigns.domain.states import CampaignState, MailingState, MessageState
from campaigns.domain.wishes import DraftSchedule
from campaigns.services.apply_campaign import apply_draft
from campaigns.storage.audiences import AudienceCount, count_audience
from campaigns.storage.campaigns import (
    Campaign,
    campaign_named,
    count_campaigns,
    get_campaign,
    list_campaigns,
    revision,
)
from campaigns.storage.mailings import MailingKind, mailings_of
from campaigns.storage.messages import Progress, count_states
from campaigns.web.campaign_forms import (
    FIELDS,
    SEGMENT,
    Written,
    asked_audience,
    content_values,
    read_form,
    relay_choices,
    sections_of,
)
from campaigns.web.hour_forms import DAY_CHOICES, hour_form
from contacts.domain.verdicts import SENTENCES
from contacts.storage.segments import all_segments
from contacts.storage.topics import all_topics, open_topics
from contacts.web.rule_forms import OP_CHOICES, RuleForm, as_form, is_about_rules, rule_fields, said
from core.errors import BadInput, Conflict, NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/campaigns"
PAGE = LIST + "/{campaign_id:int}"
FIELD_NAMES = {
    "sender.email": "sender_email",
    "sender.reply_to": "reply_to",
    "schedule.hours": "from",
    "schedule.hours_in": "hours_in",
    "schedule.rate": "rate",
    "schedule.timed_for": "timed_for",
}
SHOWN = 25
OWN = ""
TEMPLATES = (
    ("announcement", _("Announcement")),
    ("update", _("Software update")),
    ("offer", _("Special offer")),
    (OWN, _("Your own HTML")),
)
INVITATIONS = (("survey_invitation", _("Survey invitation")), ("survey_reminder", _("Survey reminder")))


@dataclass(frozen=True)
class CampaignRow:
    """A campaign in the list, with how far its first mailing is."""

    campaign: Campaign
    topic: str
    when: datetime | None
    progress: Progress | None

    @property
    def sent(self) -> int:
        """How many messages were handed over."""
        return self.progress.of(MessageState.SENT) if self.progress else 0

    @property
    def excluded(self) -> int:
        """How many people of the audience were left out, before or at the handover."""
        return self.progress.of(MessageState.EXCLUDED, MessageState.WITHHELD) if self.progress else 0


def show_campaigns(visit: Visit) -> Answer:
    """The campaigns, newest first."""
    session, asked = visit.session, visit.query("state")
    state = CampaignState(asked) if asked in set(CampaignState) else None
    begin = visit.number("from") or 0
    found = list_campaigns(session, state=state, limit=SHOWN + 1, offset=begin)
    narrowed = {"state": state.value} if state else {}
    return visit.page(
        "console/campaigns.html",
        rows=campaign_rows(session, found[:SHOWN]),
        state=state.value if state else "",
        counts=[(each.value, number) for each, number in count_campaigns(session).items()],
        first=f"{LIST}?{urlencode(narrowed)}" if begin else None,
        next=f"{LIST}?{urlencode(narrowed | {'from': begin + SHOWN})}" if len(found) > SHOWN else None,
    )


def campaign_rows(session: Session, campaigns: list[Campaign]) -> list[CampaignRow]:
    """The campaigns with the counts of their first mailing."""
    titles = {topic.name: topic.title for topic in all_topics(session)}
    return [_row(session, campaign, titles) for campaign in campaigns]


def _row(session: Session, campaign: Campaign, titles: Mapping[str, str]) -> CampaignRow:
    begun = [
        mailing
        for mailing in mailings_of(session, campaign.id)
        if mailing.kind == MailingKind.FIRST.value and mailing.stage is not MailingState.PLANNED
    ]
    progress = count_states(session, begun[0].id) if begun else None
    when = begun[0].frozen_at if begun and begun[0].frozen_at else campaign.scheduled_at
    return CampaignRow(campaign, titles.get(campaign.topic, campaign.topic), when, progress)


def show_new(visit: Visit) -> Answer:
    """The form that begins a campaign."""
    return _new(visit, {}, {})


def _new(visit: Visit, values: Mapping[str, str], errors: Mapping[str, str]) -> Answer:
    return visit.page(
        "console/campaign_new.html",
        status=422 if errors else 200,
        values=values,
        errors=errors,
        topics=[(topic.name, topic.title) for topic in open_topics(visit.session)],
        templates=TEMPLATES,
    )


def create(visit: Visit) -> Answer:
    """Begin a draft under a name that is still free."""
    values = {name: visit.text(name) for name in ("title", "name", "topic", "template")}
    name = values["name"] or name_from(values["title"])
    zone = visit.operator.time_zone if visit.operator else visit.settings.time_zone
    draft = CampaignDraft(name, values["title"], values["topic"], values["template"], schedule=DraftSchedule(zone=zone))
    try:
        _require(visit, draft)
        _require_new(visit.session, name)
    except BadInput as error:
        return _new(visit, values, {error.field or "": said(error)})
    campaign = apply_draft(visit.session, draft, at=visit.at).campaign
    return visit.redirect(f"{LIST}/{campaign.id}/edit")


def _require_new(session: Session, name: str) -> None:
    if campaign_named(session, name):
        raise BadInput(_("There is a campaign of that name already."), field="name")


def name_from(title: str) -> str:
    """A short name made from a title: letters without marks, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-")


def _require(visit: Visit, draft: CampaignDraft) -> None:
    """Refuse what cannot be saved at all; what is merely unfinished may be saved."""
    if not draft.title:
        raise BadInput(_("Give it a title."), field="title")
    if draft.topic not in {topic.name for topic in open_topics(visit.session)}:
        raise BadInput(_("Choose a topic."), field="topic")
    if draft.template not in {key for key, _title in (*TEMPLATES, *INVITATIONS)}:
        raise BadInput(_("Choose a template."), field="template")
    if draft.schedule.zone and draft.schedule.zone not in zoneinfo.available_timezones():
        raise BadInput(_("There is no such time zone."), field="zone")
    check_draft(draft)


def show_edit(visit: Visit) -> Answer:
    """The form in which a campaign is written."""
    campaign = get_campaign(visit.session, int(visit.path["campaign_id"]))
    return _edit(visit, campaign, Written(campaign.draft))


def _edit(
    visit: Visit, campaign: Campaign, written: Written, wrong: BadInput | None = None, *, overtaken: bool = False
) -> Answer:
    draft = written.draft
    errors = {FIELD_NAMES.get(wrong.field or "", wrong.field or ""): said(wrong)} if wrong else {}
    templates = INVITATIONS if campaign.personal_path else TEMPLATES
    return visit.page(
        "console/campaign_edit.html",
        status=409 if overtaken else 422 if errors else 200,
        campaign=campaign,
        draft=draft,
        revision=revision(campaign),
        overtaken=overtaken,
        editable=campaign.stage is CampaignState.DRAFT,
        errors=errors,
        topics=[(topic.name, topic.title) for topic in open_topics(visit.session)],
        templates=templates,
        content_fields=FIELDS.get(draft.template, ()),
        content=content_values(written),
        sections=sections_of(draft),
        rules=_rules(visit, draft, wrong),
        segments=[("", _("the rules below")), *((each.name, each.name) for each in all_segments(visit.session))],
        segment=draft.audience.get(SEGMENT, ""),
        rule_fields=rule_fields(visit.session),
        rule_ops=OP_CHOICES,
        relays=relay_choices(visit.settings.smtp_url.get_secret_value(), draft.relay),
        zones=sorted(zoneinfo.available_timezones()),
        hours=hour_form(draft.schedule.hours),
        days=DAY_CHOICES,
        said=visit.query("said"),
    )


def _rules(visit: Visit, draft: CampaignDraft, wrong: BadInput | None) -> RuleForm:
    about_rules = wrong if wrong and is_about_rules(wrong) else None
    shown = as_form({} if SEGMENT in draft.audience else draft.audience, error=about_rules)
    return replace(shown, json=visit.text("rules_json")) if about_rules and visit.text("rules_json") else shown


def save(visit: Visit) -> Answer:
    """Keep what was written; with a mistake, show it beside its field and keep every value.

    A form that began from another version than the one now kept is shown again and not saved: it then speaks of the
    version that is kept, so that saving it once more is done knowingly.
    """
    campaign = get_campaign(visit.session, int(visit.path["campaign_id"]), locked=True)
    written = read_form(visit, campaign.draft)
    if visit.text("revision") != revision(campaign):
        return _edit(visit, campaign, written, written.wrong, overtaken=True)
    try:
        if written.wrong:
            raise written.wrong
        _require(visit, written.draft)
        with visit.session.begin_nested():
            apply_draft(visit.session, written.draft, at=visit.at)
    except (Conflict, NotFound) as error:
        return _edit(visit, campaign, written, BadInput(error.message, remedy=error.remedy))
    except BadInput as error:
        return _edit(visit, campaign, written, error)
    then = "/preview" if visit.text("then") == "preview" else "/edit?said=saved"
    return visit.redirect(f"{LIST}/{campaign.id}{then}")


def count(visit: Visit) -> Answer:
    """A piece of the form: how many people the rules in it would reach now, and why not the others."""
    campaign = get_campaign(visit.session, int(visit.path["campaign_id"]))
    counted, error = None, ""
    try:
        asks = "match" in visit.request.query_params
        audience = asked_audience(visit) if asks else campaign.audience
        counted = count_audience(visit.session, audience, visit.query("topic") or campaign.topic, at=visit.at)
    except (BadInput, NotFound) as wrong:
        error = said(wrong)
    return visit.page("console/audience_count.html", counted=counted, left_out=reasons(counted), count_error=error)


def reasons(counted: AudienceCount | None) -> list[tuple[str, int]]:
    """Why people are left out, as sentences with their numbers."""
    return [(_(SENTENCES[reason]), number) for reason, number in counted.excluded.items()] if counted else []


PLACES = (
    Place(LIST, show_campaigns, role=Role.ANALYST),
    Place(f"{LIST}/new", show_new, role=Role.EDITOR),
    Place(f"{LIST}/new", create, methods=("POST",), role=Role.EDITOR),
    Place(f"{PAGE}/edit", show_edit, role=Role.EDITOR),
    Place(f"{PAGE}/count", count, role=Role.ANALYST),
    Place(f"{PAGE}/edit", save, methods=("POST",), role=Role.EDITOR),
)
