"""Console pages that show a campaign before it goes: as a contact would get it, its checks, a test; and schedule it."""

from dataclasses import dataclass

from campaigns.domain.checks import Finding, passes
from campaigns.domain.states import CampaignState
from campaigns.domain.trials import letters_of
from campaigns.services.check_campaign import check_campaign
from campaigns.services.preview import Preview, preview
from campaigns.services.schedule_campaign import schedule
from campaigns.services.send_test import send_test
from campaigns.storage.campaigns import Campaign, condition_of, get_campaign
from campaigns.web.report_pages import campaign_page
from campaigns.web.variant_pages import asked_letter, asked_variant
from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.verdicts import SENTENCES
from contacts.storage.contacts import Contact, contact_by_key, contact_numbered
from contacts.storage.gate import verdicts
from contacts.storage.listings import some_meeting
from contacts.storage.peppers import keys_of
from contacts.web.rule_forms import said as sentence
from core.errors import BadInput, Conflict, HeedfulError, NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.sealed import sealed_page
from core.web.visits import Answer, Place, Visit

LIST = "/console/campaigns"
PAGE = LIST + "/{campaign_id:int}"
PARTS = ("html", "phone", "text", "headers")


@dataclass(frozen=True)
class Shown:
    """A preview, or why there is none."""

    mail: Preview | None
    problem: str = ""


def show_preview(visit: Visit) -> Answer:
    """The mail as one contact would get it."""
    return _preview_page(visit)


def _preview_page(visit: Visit, *, find_error: str | None = None) -> Answer:
    campaign = _campaign(visit)
    shown = _rendered(visit, campaign)
    mail = shown.mail
    part = visit.query("part", "html")
    contact_id = mail.contact_id if mail else None
    return visit.page(
        "console/campaign_preview.html",
        status=422 if find_error else 200,
        campaign=campaign,
        part=part if part in PARTS else "html",
        shown=mail,
        problem=shown.problem,
        verdict=_(SENTENCES[mail.verdict]) if mail and mail.verdict else "",
        contact=contact_numbered(visit.session, contact_id) if contact_id else None,
        contact_id=contact_id,
        asked=_asked_contact(visit) is not None,
        find_error=find_error,
        variant=asked_letter(visit, campaign),
        letters=letters_of(campaign.draft.trial),
        said=visit.query("said"),
    )


def _rendered(visit: Visit, campaign: Campaign) -> Shown:
    try:
        contact = _asked_contact(visit) or _somebody(visit, campaign)
        shown = asked_variant(visit, campaign)
        return Shown(preview(visit.session, shown, visit.settings, visit.keyring, at=visit.at, contact=contact))
    except (BadInput, NotFound) as error:
        return Shown(None, sentence(error))


def _asked_contact(visit: Visit) -> Contact | None:
    number = visit.number("contact")
    return contact_numbered(visit.session, number) if number is not None else None


def _somebody(visit: Visit, campaign: Campaign) -> Contact | None:
    """One of the newest contacts whom the campaign means, if possible one who may be written to."""
    session = visit.session
    newest = some_meeting(session, condition_of(session, campaign.audience), at=visit.at)
    said = verdicts(session, campaign.topic, [contact.address_key for contact in newest], at=visit.at)
    permitted = (contact for contact in newest if said[contact.address_key] is None)
    return next(permitted, newest[0] if newest else None)


def find_reader(visit: Visit) -> Answer:
    """Choose the contact to preview as; asked by POST, so that no address stands in a URL (P1)."""
    try:
        keys = keys_of(visit.session, PepperRing.of(visit.settings), read_address(visit.text("address")))
    except BadInput as error:
        return _preview_page(visit, find_error=sentence(error))
    contact = contact_by_key(visit.session, keys.own)
    if contact is None:
        return _preview_page(visit, find_error=_("This address is not among the contacts."))
    variant = asked_letter(visit, campaign := _campaign(visit))
    return visit.redirect(f"{LIST}/{campaign.id}/preview?contact={contact.id}" + f"&variant={variant}" * bool(variant))


def show_mail(visit: Visit) -> Answer:
    """The HTML part alone, sealed, for the frame."""
    shown = _rendered(visit, _campaign(visit))
    return sealed_page(shown.mail.html if shown.mail else "")


def show_checks(visit: Visit) -> Answer:
    """A piece of the page: what must and what should be put right before the campaign can go."""
    campaign = _campaign(visit)
    problem = ""
    findings: tuple[Finding, ...] = ()
    try:
        findings = check_campaign(visit.session, campaign, visit.settings, visit.keyring, at=visit.at).findings
    except (BadInput, NotFound) as error:
        problem = sentence(error)
    return visit.page("console/campaign_checks.html", problem=problem, findings=findings, passes=passes(findings))


def try_out(visit: Visit) -> Answer:
    """Send a test to one contact, through the same gate as every mail."""
    campaign = _campaign(visit)
    address, tested = visit.text("address"), asked_variant(visit, campaign)
    try:
        with visit.session.begin_nested():
            checked = check_campaign(visit.session, tested, visit.settings, visit.keyring, at=visit.at)
            send_test(visit.session, tested, checked.clearance, [address], visit.settings, visit.keyring, at=visit.at)
    except (BadInput, Conflict) as error:
        return campaign_page(visit, campaign, status=error.status, test_error=_plain(error), tried=address)
    return visit.redirect(f"{LIST}/{campaign.id}?said=test-sent")


def go(visit: Visit) -> Answer:
    """Check the campaign and schedule it for its hour; one that fails a check stays a draft (G20)."""
    campaign = _campaign(visit)
    try:
        with visit.session.begin_nested():
            _schedule(visit, campaign)
    except HeedfulError as error:
        return campaign_page(visit, campaign, status=error.status, error=_plain(error))
    return visit.redirect(f"{LIST}/{campaign.id}?said=scheduled")


def _schedule(visit: Visit, campaign: Campaign) -> None:
    if campaign.stage is not CampaignState.DRAFT:
        raise Conflict(_("Only a draft can be scheduled."))
    checked = check_campaign(visit.session, campaign, visit.settings, visit.keyring, at=visit.at)
    schedule(
        visit.session,
        campaign,
        checked.clearance,
        when=campaign.wished_at or "now",
        zone=campaign.time_zone or visit.settings.time_zone,
        at=visit.at,
    )


def _plain(error: HeedfulError) -> str:
    """The error without advice that is meant for the terminal."""
    remedy = "" if error.remedy and "`heedful" in error.remedy else error.remedy
    return f"{error.message} {remedy}" if remedy else error.message


def _campaign(visit: Visit) -> Campaign:
    return get_campaign(visit.session, int(visit.path["campaign_id"]))


PLACES = (
    Place(f"{PAGE}/preview", show_preview, role=Role.EDITOR),
    Place(f"{PAGE}/preview", find_reader, methods=("POST",), role=Role.EDITOR),
    Place(f"{PAGE}/preview/mail", show_mail, role=Role.EDITOR),
    Place(f"{PAGE}/checks", show_checks, role=Role.ANALYST),
    Place(f"{PAGE}/test", try_out, methods=("POST",), role=Role.EDITOR),
    Place(f"{PAGE}/schedule", go, methods=("POST",), role=Role.EDITOR),
)
