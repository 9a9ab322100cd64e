"""Console page where variants of a campaign are written, and the choice between them while it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Self

from campaigns.domain.states import CampaignState
from campaigns.domain.toml_text import read_toml, write_toml
from campaigns.domain.trials import DraftTrial, DraftVariant, letters_of
from campaigns.domain.winners import LETTERS, MOST_VARIANTS, Criterion, Unclear, letter_of, telling_share
from campaigns.services.apply_campaign import apply_draft
from campaigns.services.decide_winner import choose
from campaigns.storage.audiences import count_audience
from campaigns.storage.campaigns import Campaign, as_variant, get_campaign, revision
from campaigns.web.report_pages import campaign_page
from contacts.web.rule_forms import said
from core.cards import mask_card_numbers
from core.errors import BadInput, Conflict, HeedfulError
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit, as_number

LIST = "/console/campaigns"
PAGE = LIST + "/{campaign_id:int}"
HEADLINE = "headline"
USUAL = 0.02
"""A share of clicks as many mailings have it, to tell by how much another would have to be better."""
CRITERIA = ((Criterion.CLICKS.value, _("more clicks")), (Criterion.ANSWERS.value, _("more answers to the survey")))
UNCLEAR = (
    (Unclear.FIRST.value, _("the rest gets A, the campaign’s own words")),
    (Unclear.ASK.value, _("the rest waits until one of us chooses")),
)
NUMBERS = ("share", "wait_hours", "confidence")
CHOSEN = (*NUMBERS, "winner", "unclear")
WORDS = ("subject", "preheader", "html", "text")
ROW = (*WORDS, HEADLINE, "more")


@dataclass(frozen=True)
class Form:
    """What stands in the form: how they compete, and a row of words for each variant from B on."""

    values: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]

    @classmethod
    def of(cls, trial: DraftTrial) -> Self:
        """The form that shows a trial."""
        return cls({name: str(getattr(trial, name)) for name in CHOSEN}, [_row(each) for each in trial.variants])

    @classmethod
    def sent(cls, visit: Visit) -> Self:
        """The form as it was filled in; rows that were left empty are taken out."""
        filled = zip_longest(*(visit.texts(name) for name in ROW), fillvalue="")
        rows = [dict(zip(ROW, map(_plain, row), strict=True)) for row in filled if any(each.strip() for each in row)]
        return cls({name: visit.text(name) for name in CHOSEN}, rows)

    def read(self) -> DraftTrial:
        """The trial that it describes.

        Raises:
            BadInput: the content of a variant is no TOML.
        """
        numbers = {name: as_number(self.values[name]) for name in NUMBERS}
        chosen: dict[str, Any] = {name: -1 if number is None else number for name, number in numbers.items()}
        chosen |= {name: self.values[name] for name in CHOSEN if name not in NUMBERS}
        return DraftTrial(**chosen, variants=tuple(map(_variant, self.rows)))


def _plain(written: str) -> str:
    return mask_card_numbers(written.strip().replace("\r\n", "\n"))


def _row(variant: DraftVariant) -> Mapping[str, str]:
    """A variant as its fields show it."""
    content = dict(variant.content)
    headline = content.pop(HEADLINE, "") if isinstance(content.get(HEADLINE, ""), str) else ""
    words = {"subject": variant.subject, "preheader": variant.preheader, "html": variant.html, "text": variant.text}
    return words | {HEADLINE: headline, "more": write_toml(content) if content else ""}


def _variant(row: Mapping[str, str]) -> DraftVariant:
    content = read_toml(row["more"])
    if row[HEADLINE]:
        content = {HEADLINE: row[HEADLINE], **content}
    return DraftVariant(**{name: row[name] for name in WORDS}, content=content)


def show_variants(visit: Visit) -> Answer:
    """The variants of a campaign, to be written while it is a draft."""
    campaign = _campaign(visit)
    trial = campaign.draft.trial
    if campaign.personal_path and trial == DraftTrial():
        trial = replace(trial, winner=Criterion.ANSWERS.value)
    return _page(visit, campaign, Form.of(trial))


def _page(
    visit: Visit, campaign: Campaign, form: Form, wrong: HeedfulError | None = None, *, overtaken: bool = False
) -> Answer:
    spare: list[Mapping[str, str]] = [dict.fromkeys(ROW, "")] if len(form.rows) < MOST_VARIANTS - 1 else []
    rows = [*form.rows, *spare][: MOST_VARIANTS - 1]
    return visit.page(
        "console/campaign_variants.html",
        status=409 if overtaken else wrong.status if wrong else 200,
        campaign=campaign,
        trial=form.values,
        rows=[(letter_of(number), row) for number, row in enumerate(rows, 2)],
        revision=revision(campaign),
        editable=campaign.stage is CampaignState.DRAFT,
        criteria=CRITERIA,
        unclear=UNCLEAR,
        error=said(wrong) if isinstance(wrong, BadInput) else str(wrong or ""),
        overtaken=overtaken,
        said=visit.query("said"),
    )


def save(visit: Visit) -> Answer:
    """Keep the variants; one that is left empty is taken out, and a mistake loses nothing that was written."""
    campaign, form = get_campaign(visit.session, int(visit.path["campaign_id"]), locked=True), Form.sent(visit)
    if visit.text("revision") != revision(campaign):
        return _page(visit, campaign, form, overtaken=True)
    try:
        with visit.session.begin_nested():
            apply_draft(visit.session, replace(campaign.draft, trial=form.read()), at=visit.at)
    except (BadInput, Conflict) as wrong:
        return _page(visit, campaign, form, wrong)
    return visit.redirect(f"{LIST}/{campaign.id}/variants?said=saved")


def show_size(visit: Visit) -> Answer:
    """A piece of the page: how many people would get each variant first, and which difference that could tell."""
    campaign = _campaign(visit)
    trial = campaign.draft.trial
    permitted = count_audience(visit.session, campaign.audience, campaign.topic, at=visit.at).permitted
    competing = max(len(trial.variants) + 1, 2)
    each = permitted * trial.share // 100 // competing
    telling = telling_share(each, USUAL, trial.confidence / 100, competing)
    return visit.page(
        "console/campaign_variants_size.html", permitted=permitted, each=each, usual=USUAL, telling=telling
    )


def decide(visit: Visit) -> Answer:
    """Let the rest of the audience get one variant, whatever the figures are."""
    campaign = _campaign(visit)
    by = visit.operator.email if visit.operator else ""
    try:
        with visit.session.begin_nested():
            choose(visit.session, campaign, visit.text("letter"), at=visit.at, by=by)
    except HeedfulError as error:
        return campaign_page(visit, campaign, status=error.status, error=str(error))
    return visit.redirect(f"{LIST}/{campaign.id}?said=chosen")


def asked_variant(visit: Visit, campaign: Campaign) -> Campaign:
    """The campaign as the variant says it whose letter is asked for; the campaign itself where none is."""
    letter = asked_letter(visit, campaign)
    return as_variant(campaign, LETTERS.index(letter) + 1) if letter else campaign


def asked_letter(visit: Visit, campaign: Campaign) -> str:
    """The letter of the variant that is asked for, beside A; empty where there is none."""
    letter = (visit.query("variant") or visit.text("variant")).upper()
    return letter if letter in letters_of(campaign.draft.trial) else ""


def _campaign(visit: Visit) -> Campaign:
    return get_campaign(visit.session, int(visit.path["campaign_id"]))


PLACES = (
    Place(f"{PAGE}/variants", show_variants, role=Role.EDITOR),
    Place(f"{PAGE}/variants/size", show_size, role=Role.EDITOR),
    Place(f"{PAGE}/variants", save, methods=("POST",), role=Role.EDITOR),
    Place(f"{PAGE}/choose", decide, methods=("POST",), role=Role.EDITOR),
)
