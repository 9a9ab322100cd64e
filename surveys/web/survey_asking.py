"""The console page from which people are asked: invitations and reminders."""

from collections.abc import Mapping

from campaigns.storage.campaigns import get_campaign
from campaigns.web.campaign_pages import campaign_rows
from core.errors import HeedfulError
from core.language import known_locale
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.anonymity import SMALLEST_BATCH, Anonymity
from surveys.domain.translations import languages_of
from surveys.services.invite import Wish, draft_invitation, draft_reminder, noun_of
from surveys.storage.batches import waiting
from surveys.storage.identities import count_linked
from surveys.storage.invitations import Purpose, Whom, turnout
from surveys.storage.survey_mailings import survey_campaigns
from surveys.storage.surveys import Survey, drafted
from surveys.web.survey_pages import PAGE, survey_of_visit


def show_asking(visit: Visit) -> Answer:
    """The mailings of a survey, and the forms that begin another."""
    return asking_page(visit, survey_of_visit(visit))


def asking_page(visit: Visit, survey: Survey, errors: Mapping[str, str] | None = None) -> Answer:
    """The page, with what is wrong with what was chosen on it."""
    links = survey_campaigns(visit.session, survey)
    campaigns = [get_campaign(visit.session, each.campaign_id) for each in links]
    return visit.page(
        "console/surveys/asking.html",
        status=409 if errors else 200,
        survey=survey,
        definition=drafted(visit.session, survey),
        rows=list(zip(campaign_rows(visit.session, campaigns), (each.purpose for each in links), strict=True)),
        languages=[(each, own_name(each)) for each in languages_of(drafted(visit.session, survey))],
        invited=any(each.purpose == "invite" for each in links),
        turnout=turnout(visit.session, survey.id),
        errors=errors or {},
        waiting=waiting(visit.session, survey.id) if survey.mode is Anonymity.ANONYMOUS else 0,
        smallest=SMALLEST_BATCH,
        linked=count_linked(visit.session, survey.id) if survey.mode is Anonymity.CONFIDENTIAL else 0,
        values={name: visit.text(name, _said(survey, name)) for name in ("anonymity", "access", "unlink_days")},
        said=visit.query("said"),
    )


def own_name(tag: str) -> str:
    """What a language is called in itself."""
    return known_locale(tag).get_display_name() or tag


def _said(survey: Survey, name: str) -> str:
    value = getattr(survey, name)
    return "" if value is None else str(value)


def ask(visit: Visit) -> Answer:
    """Begin an invitation or a reminder: a campaign in draft, to be given its audience and hour, checked and sent."""
    survey = survey_of_visit(visit)
    zone = visit.operator.time_zone if visit.operator else "UTC"
    language = visit.text("language") if visit.text("language") in drafted(visit.session, survey).translations else ""
    whom = Whom(visit.text("whom")) if visit.text("whom") in list(Whom) else Whom.ANYBODY
    wish = Wish(zone=zone, subject=visit.text("subject"), language=language, whom=whom)
    reminding = visit.text("purpose") == "remind"
    begun = _begun(visit, survey, Purpose.REMIND if reminding else Purpose.INVITE, language)
    if begun is not None:
        return visit.redirect(f"/console/campaigns/{begun}/edit")
    try:
        begin = draft_reminder if reminding else draft_invitation
        campaign = begin(visit.session, survey, wish, at=visit.at)
    except HeedfulError as error:
        return asking_page(visit, survey, {"subject": str(error)})
    return visit.redirect(f"/console/campaigns/{campaign.id}/edit")


def _begun(visit: Visit, survey: Survey, purpose: Purpose, language: str) -> int | None:
    """A draft of that purpose, which somebody may be writing: it is gone on with, not begun anew."""
    for each in survey_campaigns(visit.session, survey):
        campaign = get_campaign(visit.session, each.campaign_id)
        fits = not language or noun_of(purpose, language) in campaign.name
        if each.purpose == purpose.value and campaign.state == "draft" and fits:
            return each.campaign_id
    return None


PLACES = (
    Place(PAGE + "/invite", show_asking, role=Role.EDITOR),
    Place(PAGE + "/invite", ask, methods=("POST",), role=Role.EDITOR),
)
