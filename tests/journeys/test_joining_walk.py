"""The walk of a sign-up: a form asks, a mail asks back, a scanner looks, the person presses, a campaign arrives."""

import re

from campaigns.domain.states import MessageState
from campaigns.storage.confirmations import house_campaign
from campaigns.storage.mailings import mailings_of
from campaigns.storage.messages import count_states
from scheduler import Clock
from tests.contacts.signing_up import CHILD, filled_in
from tests.journeys.dumps import dump
from tests.journeys.houses import House, adds_up
from tests.journeys.mails import Mail
from tests.journeys.pressing import press

FORM = "/join/newsletter"
ANN = "ann@example.org"


def opened(house: House) -> None:
    """A sign-up form, made at the terminal."""
    topics = ("--topic", "updates", "--topic", "offers")
    told = house.told("form", "add", "newsletter", "--title", "Our newsletter", "--wording", "We write.", *topics)
    assert told["url"].endswith(FORM)


def asked(house: House, address: str, *topics: str) -> list[Mail]:
    """Somebody fills in the form; the mail that arrives because of it."""
    assert house.web.post(FORM, data=filled_in(address, *topics)).status_code == 200
    return confirmations(house)


def confirmations(house: House) -> list[Mail]:
    """What arrives once clock and sender have been round."""
    house.tick()
    mails = house.send()
    house.tick()
    return mails


def every_row(house: House) -> str:
    """Every row of every table, as one text."""
    return "".join(row for rows in dump(house.database).values() for row in rows)


def report_of(house: House) -> dict[str, int]:
    """What became of all confirmations."""
    with house.database.reading() as session:
        campaign = house_campaign(session)
        assert campaign is not None
        mailings = mailings_of(session, campaign.id)
        counted = [count_states(session, each.id) for each in mailings]
    told = {state.value: sum(each.of(state) for each in counted) for state in MessageState}
    return told | {"mailings": len(mailings), "audience": sum(each.audience for each in counted)}


def test_g3_g11_from_the_form_to_the_first_mail_with_a_scanner_between(house: House):
    opened(house)
    (mail,) = asked(house, "Ann@Example.ORG", "updates")
    assert (mail.to, mail.message["Auto-Submitted"]) == ("Ann@example.org", "auto-generated")
    assert "Halcyon Audio, 1 Example Street" in mail.text
    assert "/c/" not in mail.text + mail.html
    assert "/p/" not in mail.text + mail.html
    for link in set(re.findall(r"https?://127\.0\.0\.1:8025/[^\s\"<>)]+", mail.text + mail.html)):
        assert house.web.get(link).status_code == 200
    assert house.run("too-early", topic="updates") == {}

    assert press(house.web, mail.link("/join/confirm/")).status_code == 200
    assert set(house.run("news", topic="updates")) == {"Ann@example.org"}
    assert house.run("sale", topic="offers") == {}
    assert house.told("verify")["fault"] == "none"


def test_somebody_who_ignores_the_mail_is_forgotten(house: House):
    opened(house)
    asked(house, ANN)
    house.later(days=7, minutes=1)
    Clock(house.settings, house.database).forget_who_did_not_confirm()
    assert house.run("news", topic="updates") == {}
    assert ANN not in every_row(house)


def test_whoever_left_everything_comes_back_only_by_this_walk(house: House):
    opened(house)
    house.bring([ANN])
    mail = house.run("spring")[ANN]
    house.web.post(mail.one_click, data={"List-Unsubscribe": "One-Click"})
    house.later(days=1)
    (mail,) = asked(house, ANN, "updates")
    assert house.run("still-gone", topic="updates") == {}
    press(house.web, mail.link("/join/confirm/"))
    assert set(house.run("back", topic="updates")) == {ANN}
    assert house.run("but-not-that", topic="offers") == {}
    house.web.post(mail.one_click, data={"List-Unsubscribe": "One-Click"})
    house.later(days=1)
    assert house.run("gone-again", topic="updates") == {}


def test_g13_a_child_gets_no_mail_at_all_and_leaves_nothing_but_the_block(house: House):
    opened(house)
    assert house.web.post(FORM, data=filled_in("young@example.org", born=CHILD)).status_code == 200
    assert confirmations(house) == []
    assert asked(house, "young@example.org") == [], "a second try"
    house.later(days=2)
    assert asked(house, "young@example.org") == [], "a try as a grown-up, from the flagged address"
    assert "young@example.org" not in every_row(house)


def test_g13_a_child_who_is_found_out_after_asking_gets_no_confirmation(house: House):
    opened(house)
    house.web.post(FORM, data=filled_in("young@example.org"))
    house.tick()
    house.web.post(FORM, data=filled_in("young@example.org", born=CHILD), headers={"user-agent": "another"})
    assert house.send() == []
    assert adds_up(report_of(house))


def test_a_thousand_posts_bring_one_mail_a_day_at_most(house: House):
    opened(house)
    statuses = [
        house.web.post(FORM, data=filled_in(ANN, topic), headers={"user-agent": str(each)}).status_code
        for each in range(500)
        for topic in ("updates", "offers")
    ]
    assert set(statuses) == {200, 429}
    assert len(confirmations(house)) == 1
    for _ in range(3):
        house.later(hours=7)
        house.web.post(FORM, data=filled_in(ANN))
        assert confirmations(house) == []
    arrived = 0
    for _ in range(20):
        house.later(days=1)
        arrived += len(asked(house, ANN))
    assert arrived == 3, "four in a month, whoever goes on asking"


def test_the_days_confirmations_are_one_mailing_that_adds_up_and_no_campaign_of_the_team(house: House):
    opened(house)
    asked(house, ANN)
    asked(house, "bob@example.org")
    report = report_of(house)
    assert adds_up(report)
    assert (report["audience"], report["sent"], report["mailings"]) == (2, 2, 1)
    assert house.told("campaign", "list") == {}
    assert "confirmations" not in house.as_operator().get("/console/campaigns").text
    house.heedful("campaign", "cancel", ".confirmations", code=1)
    house.later(days=1)
    asked(house, "cem@example.org")
    assert report_of(house)["mailings"] == 2


def test_a_form_on_another_site_leads_to_the_same_mail(house: House):
    opened(house)
    snippet = house.heedful("form", "show", "newsletter")
    action = re.search(r'action="([^"]+)"', snippet)
    assert action is not None
    elsewhere = {
        "origin": "https://shop.example.com",
        "sec-fetch-site": "cross-site",
        "referer": "https://shop.example.com/",
    }
    page = house.web.post(action[1], data={"address": ANN, "topic": "updates"}, headers=elsewhere)
    assert page.status_code == 200
    assert "Your date of birth" in page.text
    (mail,) = asked(house, ANN, "updates")
    assert press(house.web, mail.link("/join/confirm/")).status_code == 200
