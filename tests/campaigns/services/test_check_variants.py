"""Every variant passes the checks that the campaign passes, or nothing is scheduled; what passed is what is kept."""

import pytest

from campaigns.domain.trials import DraftTrial, DraftVariant
from campaigns.domain.wishes import DraftSchedule
from campaigns.services.apply_campaign import apply_draft
from campaigns.services.check_campaign import check_campaign
from campaigns.services.schedule_campaign import schedule
from campaigns.storage.variants import trial_of, variants_of
from core.errors import Conflict
from tests.campaigns.scenes import HTML, add_reader, make_draft
from tests.conftest import NOON

OTHER = DraftVariant(subject="Is it spring?", html=HTML.replace("<p>Hello", "<style>p{color:red}</style><p>Hi"))


def test_what_the_checks_passed_is_kept_with_the_mailing(database, settings, keyring):
    with database.writing() as session:
        add_reader(session, "ann@example.org")
        draft = make_draft(trial=DraftTrial(share=30, variants=(OTHER, DraftVariant(preheader="Look"))))
        campaign = apply_draft(session, draft, at=NOON).campaign
        checked = check_campaign(session, campaign, settings, keyring, at=NOON)
        assert checked.clearance is not None
        planned = schedule(session, campaign, checked.clearance, when="now", zone="UTC", at=NOON).mailing
        b, c = variants_of(session, planned.id)
        assert (b.subject, c.subject, c.preheader) == ("Is it spring?", "New this spring", "Look")
        assert 'style="color: red;"' in b.html, "styles are inlined as in the campaign itself"
        assert c.html == planned.html
        kept = trial_of(session, planned.id)
        assert kept is not None
        assert (kept.variants, kept.share, kept.winner) == (3, 30, None)


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        ({"html": HTML.replace("{{ unsubscribe_url }}", "https://example.org/")}, "B.html", "Variant B: "),
        ({"html": "<p>{% if %}</p>"}, "B.html", "Variant B: "),
        ({"subject": "{{ contact.nickname }}"}, "B.subject", "Variant B: "),
        ({"preheader": "{{ contact.name }}"}, "B.preheader", "Variant B: The preheader is plain text"),
    ],
)
def test_g20_a_variant_that_fails_keeps_the_campaign_a_draft(database, settings, keyring, changes, where, said):
    with database.writing() as session:
        add_reader(session, "ann@example.org")
        draft = make_draft(trial=DraftTrial(variants=(DraftVariant(**changes),)))
        campaign = apply_draft(session, draft, at=NOON).campaign
        checked = check_campaign(session, campaign, settings, keyring, at=NOON)
        assert checked.clearance is None
        assert any(each.where == where and each.sentence.startswith(said) for each in checked.findings)
        with pytest.raises(Conflict, match="has not passed its checks"):
            schedule(session, campaign, checked.clearance, when="now", zone="UTC", at=NOON)


def test_a_trial_that_cannot_be_decided_is_not_scheduled(database, settings, keyring):
    with database.writing() as session:
        add_reader(session, "ann@example.org")
        for changes in ({"tracking": False}, {"schedule": DraftSchedule("2026-12-01 09:00", "UTC", "recipient")}):
            draft = make_draft(trial=DraftTrial(variants=(OTHER,)), **changes)
            campaign = apply_draft(session, draft, at=NOON).campaign
            checked = check_campaign(session, campaign, settings, keyring, at=NOON)
            assert checked.clearance is None
            assert [each.where for each in checked.findings if each.severity == "error"] == ["trial"]
