"""Inviting people to a survey, and reminding them: an invitation is a mailing that carries the survey's link."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date
from sqlalchemy.orm import Session

from campaigns.domain.campaign_files import CampaignDraft, check_draft
from campaigns.domain.content_checks import LANGUAGE
from campaigns.domain.schedules import zone_named
from campaigns.domain.states import CampaignState
from campaigns.domain.wishes import DraftSchedule
from campaigns.storage.campaigns import Campaign, campaign_named, condition_of, get_campaign, put_draft
from campaigns.storage.mailings import get_mailing
from contacts.domain.scopes import RESEARCH, is_research
from contacts.storage.topics import open_topics
from core.errors import BadInput, Conflict
from core.language import gettext, known_locale
from core.language import gettext as _
from core.tokens import TokenKind
from surveys.domain.anonymity import Anonymity
from surveys.domain.definitions import Survey as Definition
from surveys.domain.preselecting import first_rating
from surveys.domain.translations import in_language
from surveys.storage.invitations import (
    Purpose,
    Whom,
    count_reminder,
    invite_planned,
    purpose_of,
    refer,
)
from surveys.storage.omissions import leave_out
from surveys.storage.survey_mailings import link_campaign, survey_campaigns
from surveys.storage.surveys import (
    Survey,
    SurveyState,
    drafted,
    get_survey,
)

PATH = "/s/"
KEEPING = {
    Anonymity.IDENTIFIED: _("Kept with your invitation, so that your link leads back to them"),
    Anonymity.CONFIDENTIAL: _("Kept apart from who you are; whoever reads the results does not see whose they are"),
    Anonymity.ANONYMOUS: _("Kept without your name, address or the time of day; nobody can tell whose they are"),
}
REMINDING = _("A reminder: {subject}")
OPENING = _("Your answers decide what we work on next.")
TEMPLATES = {Purpose.INVITE: "survey_invitation", Purpose.REMIND: "survey_reminder"}
LONGEST_NAME = 60


@dataclass(frozen=True)
class Wish:
    """What the team wants of an invitation or reminder; empty parts come from the survey and the template.

    `audience` is a condition as in a campaign file; `when` is "now" or a local moment in `zone`; `topic` is research or
    a topic added below it. `language` is one of the survey's: only people of that language get it, in its words. `whom`
    narrows a reminder to those who have not begun, or to those who have.
    """

    audience: Mapping[str, Any] = field(default_factory=dict)
    when: str = ""
    zone: str = ""
    subject: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    topic: str = ""
    language: str = ""
    whom: Whom = Whom.ANYBODY


@dataclass(frozen=True)
class Attached:
    """What was done to a frozen mailing of a survey."""

    survey: str
    purpose: Purpose
    left_out: int


def draft_invitation(session: Session, survey: Survey, wish: Wish, *, at: datetime) -> Campaign:
    """A campaign in draft that invites to the survey; campaigns check, schedule and send it like any other.

    Raises:
        Conflict: the survey is closed.
    """
    return _draft(session, survey, Purpose.INVITE, wish, at)


def draft_reminder(session: Session, survey: Survey, wish: Wish, *, at: datetime) -> Campaign:
    """A campaign in draft that reminds those who were invited and have neither answered nor declined.

    Without an audience of its own it goes to the audiences of the invitations. Whom it reaches is decided when
    it is due: at most `survey.most_reminders` each, at least `survey.reminder_days` apart.

    Raises:
        Conflict: nobody was invited yet, or the survey is closed.
    """
    invited = [
        get_campaign(session, each.campaign_id)
        for each in survey_campaigns(session, survey)
        if each.purpose == Purpose.INVITE.value
    ]
    if not invited:
        raise Conflict(_("Nobody was invited to this survey yet."), remedy=_("Invite first."))
    audience = wish.audience or _together(session, [campaign.audience for campaign in invited])
    definition = in_language(drafted(session, survey), wish.language)
    alike = [each for each in invited if each.content.get(LANGUAGE, definition.language) == definition.language]
    said = alike[-1].subject if alike else definition.title
    subject = wish.subject or gettext(REMINDING, definition.language).format(subject=said)
    content = {**(alike[-1].content if alike else {}), **wish.content}
    content.pop("headline", None)
    topic = wish.topic or invited[-1].topic
    if wish.whom is not Whom.ANYBODY and survey.mode is Anonymity.ANONYMOUS:
        raise Conflict(_("Nobody can tell who has begun to answer an anonymous survey."))
    filled = replace(wish, audience=audience, subject=subject, content=content, topic=topic)
    return _draft(session, survey, Purpose.REMIND, filled, at)


def _together(session: Session, audiences: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The condition of anybody in one of these audiences; one without a rule is everybody."""
    different = [each for place, each in enumerate(audiences) if each not in audiences[:place]]
    if len(different) == 1:
        return different[0]
    conditions = [condition_of(session, each) for each in different]
    everybody = not all(condition.get("rules") for condition in conditions)
    return {} if everybody else {"match": "any", "rules": conditions}


def _draft(session: Session, survey: Survey, purpose: Purpose, wish: Wish, at: datetime) -> Campaign:
    if survey.stage is SurveyState.CLOSED:
        raise Conflict(_("The survey “{name}” is closed.").format(name=survey.name), remedy=_("Open it first."))
    topic = _research(session, wish.topic or RESEARCH)
    definition = in_language(drafted(session, survey), wish.language)
    title = _("Invitation: {title}") if purpose is Purpose.INVITE else _("Reminder: {title}")
    draft = CampaignDraft(
        name=_free_name(session, survey, purpose, wish.language),
        title=title.format(title=definition.title)[:250],
        topic=topic,
        template=TEMPLATES[purpose],
        subject=(wish.subject or definition.title)[:250],
        preheader=(definition.purpose or gettext(OPENING, definition.language))[:250],
        tracking=False,
        content={**_told(survey, definition, wish.zone), **wish.content},
        audience=_speaking(session, wish),
        schedule=DraftSchedule(wish.when, wish.zone),
    )
    check_draft(draft)
    campaign = put_draft(session, draft, at)
    campaign.personal_path, campaign.personal_kind = PATH, int(TokenKind.ANSWER)
    link_campaign(session, survey, campaign.id, purpose.value, wish.whom.value)
    session.flush()
    return campaign


def _speaking(session: Session, wish: Wish) -> Mapping[str, Any]:
    """The audience of a wish; of one in a language, those of its people who speak it."""
    if not wish.language:
        return wish.audience
    rule = {"field": "locale", "op": "starts_with", "value": wish.language.partition("-")[0]}
    inner = condition_of(session, wish.audience) if wish.audience else {}
    return {"match": "all", "rules": [*([inner] if inner.get("rules") else []), rule]}


def _research(session: Session, topic: str) -> str:
    """The topic, if it is an open one of research: whoever permitted anything else was asked nothing (G14)."""
    known = [each.name for each in open_topics(session) if is_research(each.name)]
    if topic not in known:
        raise BadInput(
            _("“{topic}” is no open topic of research.").format(topic=topic),
            field="topic",
            remedy=_("Topics are: {topics}.").format(topics=", ".join(known)),
        )
    return topic


def _free_name(session: Session, survey: Survey, purpose: Purpose, language: str) -> str:
    """A campaign name that is not taken; a draft of the same purpose is written over."""
    stem = "-".join(part for part in survey.name.replace("_", "-").split("-") if part)[:LONGEST_NAME].strip("-")
    noun = noun_of(purpose, language)
    own = {each.campaign_id for each in survey_campaigns(session, survey)}
    number = 1
    while True:
        name = f"{stem}-{noun}" if number == 1 else f"{stem}-{noun}-{number}"
        campaign = campaign_named(session, name)
        if campaign is None or (campaign.id in own and campaign.stage is CampaignState.DRAFT):
            return name
        number += 1


def noun_of(purpose: Purpose, language: str) -> str:
    """How the names of campaigns of that purpose end, those in one language with it."""
    noun = "invitation" if purpose is Purpose.INVITE else "reminder"
    return f"{noun}-{language.lower().replace('_', '-')}" if language else noun


def _told(survey: Survey, definition: Definition, zone: str) -> dict[str, Any]:
    """What an invitation says about the survey: who asks, what for, how long it takes, until when."""
    told: dict[str, Any] = {"headline": definition.title, LANGUAGE: definition.language}
    if definition.sponsor:
        told["sponsor"] = definition.sponsor
    if definition.purpose:
        told["purpose"] = definition.purpose
    if definition.minutes:
        told["minutes"] = str(definition.minutes)
    if survey.closes_at:
        last = survey.closes_at.astimezone(zone_named(zone or "UTC")) - timedelta(seconds=1)
        told["ends"] = format_date(last, "long", locale=known_locale(definition.language))
    told["keeping"] = gettext(KEEPING[survey.mode], definition.language)
    return told | _rated(definition)


def _rated(definition: Definition) -> dict[str, str]:
    """The rating that stands in the mail, if the survey begins with one; its numbers lead to the page, no further."""
    rating = first_rating(definition)
    if rating is None:
        return {}
    ends = {"rating_low": rating.low, "rating_high": rating.high}
    numbers = "\n".join(str(number) for number in rating.numbers)
    told = {"rating": rating.text, "rating_field": rating.name, "rating_numbers": numbers}
    return told | {name: words for name, words in ends.items() if words}


def attach_invitations(session: Session, mailing_id: int, *, at: datetime) -> Attached | None:
    """Give every planned message of a freshly frozen mailing its invitation; None where it is no survey's mailing.

    To be called in the transaction that froze the audience, so that no message is ever without its link. Those
    who are not to be asked (again) become excluded with the reason; statements, not rows, do the work.
    """
    linked = purpose_of(session, mailing_id)
    if linked is None:
        return None
    mailing = get_mailing(session, mailing_id)
    survey, purpose = get_survey(session, linked.survey_id), Purpose(linked.purpose)
    left_out = leave_out(session, mailing, survey, purpose, at, whom=Whom(linked.whom))
    if purpose is Purpose.INVITE:
        invite_planned(session, mailing_id, survey, at)
    else:
        count_reminder(session, mailing_id, survey, at)
    refer(session, mailing_id, survey)
    session.expire_all()
    return Attached(survey.name, purpose, left_out)
