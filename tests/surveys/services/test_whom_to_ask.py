"""Invitations in the language of their people, with a rating in the mail; reminders for some alone."""

from datetime import timedelta

import pytest

from campaigns.services.check_campaign import check_campaign
from core.errors import Conflict
from core.language import gettext
from surveys.domain.anonymity import Anonymity
from surveys.domain.outcomes_of_asking import Disposition
from surveys.services.choose_anonymity import choose_anonymity
from surveys.services.invite import Wish, draft_invitation, draft_reminder
from surveys.storage.dispositions import dispositions_of
from surveys.storage.invitations import Whom
from surveys.storage.surveys import drafted
from tests.campaigns.scenes import add_reader
from tests.conftest import NOON
from tests.surveys.survey_scenes import answer, hand_over, invitations, invited, launched, messages_of, opened, people

RATED = """
name = "rated"
title = "How was it?"
purpose = "To do better"
[translations.de]
title = "Wie war es?"
purpose = "Um besser zu werden"
[[page]]
name = "first"
[[page.question]]
name = "score"
kind = "nps"
text = "Would you recommend us?"
low = "not at all"
high = "certainly"
[[page]]
name = "second"
[[page.question]]
name = "why"
kind = "long_text"
text = "Why?"
"""


def test_a_language_is_asked_in_its_own_words_and_only_its_people_get_them(database):
    with database.writing() as session:
        survey = opened(session, RATED)
        for address, locale in (("a@example.org", "de-AT"), ("b@example.org", "en")):
            add_reader(session, address, "research", locale=locale)
        campaign = draft_invitation(session, survey, Wish(language="de"), at=NOON)
        assert (campaign.subject, campaign.content["purpose"]) == ("Wie war es?", "Um besser zu werden")
        assert campaign.content["language"] == "de"
        mailing = launched(session, campaign)
        assert [state for state, _, _ in messages_of(session, mailing)] == ["planned"]
        everybody = {"match": "all", "rules": [{"field": "locale", "op": "is_set"}]}
        both = draft_invitation(session, survey, Wish(everybody, language="en"), at=NOON)
        assert len(both.audience["rules"]) == 2


def test_a_reminder_in_a_language_repeats_what_was_said_in_it_and_nothing_of_another(database):
    with database.writing() as session:
        survey = opened(session, RATED)
        for address, locale in (("a@example.org", "de"), ("b@example.org", "en")):
            add_reader(session, address, "research", locale=locale)
        own = {"closing": "Herzlich, Ihr Haus"}
        launched(session, draft_invitation(session, survey, Wish(language="de", content=own), at=NOON))
        reminder = draft_reminder(session, survey, Wish(language="de"), at=NOON)
        assert (reminder.content["closing"], reminder.content["language"]) == (own["closing"], "de")
        assert reminder.subject == gettext("A reminder: {subject}", "de").format(subject="Wie war es?")
        english = draft_reminder(session, survey, Wish(language="en"), at=NOON)
        assert "closing" not in english.content
        assert (english.content["language"], english.subject) == ("en", f"A reminder: {drafted(session, survey).title}")


def test_g11_the_numbers_of_the_first_rating_stand_in_the_mail_and_lead_to_the_page(database, settings, keyring):
    with database.writing() as session:
        survey = opened(session, RATED)
        people(session, 1)
        campaign = draft_invitation(session, survey, Wish(), at=NOON)
        assert campaign.content["rating_field"] == "score"
        assert campaign.content["rating_numbers"].split() == [str(each) for each in range(11)]
        checked = check_campaign(session, campaign, settings, keyring, at=NOON)
        assert checked.clearance is not None, checked.findings
        html = checked.clearance.html
        assert "?{{ content.rating_field }}={{ number }}" in html or "?score=7" in html


@pytest.mark.parametrize(
    ("whom", "planned", "left"), [(Whom.BEGUN, 0, "not_begun"), (Whom.NOT_BEGUN, 1, "begun"), (Whom.ANYBODY, None, "")]
)
@pytest.mark.parametrize("mode", [Anonymity.IDENTIFIED, Anonymity.CONFIDENTIAL])
def test_a_reminder_goes_to_those_who_have_begun_or_to_those_who_have_not(database, whom, planned, left, mode):
    with database.writing() as session:
        survey = opened(session)
        choose_anonymity(session, survey, mode, at=NOON)
        people(session, 2)
        invited(session, survey)
        first = next(each for each in invitations(session) if each.contact_id)
        answer(session, first, ("start", {"went": ["yes"]}))
        later = NOON + timedelta(days=5)
        mailing = launched(session, draft_reminder(session, survey, Wish(whom=whom), at=later), later)
        found = messages_of(session, mailing)
        wanted = {0: ["planned", "excluded"], 1: ["excluded", "planned"], None: ["planned", "planned"]}[planned]
        assert [state for state, _, _ in found] == wanted
        assert {reason for _, reason, _ in found} == {None, left or None}
        hand_over(session, mailing, later)
        counts = dispositions_of(session, survey)
        assert (counts[Disposition.BROKE_OFF], counts[Disposition.DELIVERED], sum(counts.values())) == (1, 1, 2)


def test_g14_nobody_can_ask_who_has_begun_an_anonymous_survey(database):
    with database.writing() as session:
        survey = opened(session)
        choose_anonymity(session, survey, Anonymity.ANONYMOUS, at=NOON)
        people(session, 1)
        invited(session, survey)
        with pytest.raises(Conflict):
            draft_reminder(session, survey, Wish(whom=Whom.BEGUN), at=NOON)
