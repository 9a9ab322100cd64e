"""The walk of an opt-out: mail arrives, its receiver leaves through a door, the next campaign passes them by."""

import re
from collections.abc import Callable

from starlette.testclient import TestClient

from core.settings import OneClick
from tests.journeys.houses import House
from tests.journeys.mails import Mail
from tests.journeys.pressing import press
from tests.web import csrf

Leave = Callable[[House, Mail], None]
STAYS = "stays@example.org"


def by_one_click(house: House, mail: Mail) -> None:
    """RFC 8058, as a mail program sends it."""
    answer = house.web.post(mail.one_click, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "Done" in answer.text) == (200, True)


def by_page(house: House, mail: Mail) -> None:
    """The link in the mail, and the one button on its page."""
    assert house.web.get(mail.link("/u/")).text.count("<button") == 1
    assert "Done" in press(house.web, mail.link("/u/")).text


def by_page_without_token(house: House, mail: Mail) -> None:
    """The page that needs no link: the address typed, not as it was written."""
    assert "Done" in press(house.web, "/unsubscribe", {"address": f" {mail.to.upper()} "}).text


def by_mailto(house: House, mail: Mail) -> None:
    """The second way of the header, written from the address that got the mail."""
    told = house.told("opt-out", "--mail", "-", given=mail.letter_to_leave(mail.to))
    assert (told["opted out"], told["said"]) == (1, "done")


def by_mailto_from_elsewhere(house: House, mail: Mail) -> None:
    """The same, written by a mail program whose owner has another address: the mail was redirected to it."""
    told = house.told("opt-out", "--mail", "-", given=mail.letter_to_leave("somebody@elsewhere.example.net"))
    assert (told["opted out"], told["said"]) == (1, "done")


def by_preference_page(house: House, mail: Mail) -> None:
    """“Stop everything”, the first button of the preference page."""
    assert "Done" in press(house.web, mail.link("/p/")).text


def by_preferences_one_by_one(house: House, mail: Mail) -> None:
    """No topic ticked any more, and saved."""
    answer = press(house.web, mail.link("/p/"), {"topic": []}, form=1)
    assert "Saved" in house.web.get(answer.headers["location"]).text


def by_operator(house: House, mail: Mail) -> None:
    """An operator who was asked on the telephone."""
    web = house.as_operator()
    page = contact_page(web, mail.to)
    fields = {"scope": "everything", "evidence": "a telephone call", "csrf": csrf(web, page)}
    answer = web.post(f"{page}/opt-out", data=fields)
    assert answer.headers["location"].endswith("said=opted-out")


def by_terminal(house: House, mail: Mail) -> None:
    """`heedful opt-out`."""
    assert house.told("opt-out", mail.to, "--evidence", "a letter")["said"] == "done"


def by_suppression_list(house: House, mail: Mail) -> None:
    """A file of people who are not to be written to."""
    (house.folder / "stop.csv").write_text(f"email\n{mail.to}\n", encoding="utf-8")
    house.told("import", "stop.csv", "--suppression", "--source", "correspondence", "--source-time", "2026-11-20")


DOORS: dict[str, Leave] = {
    each.__name__.replace("_", "-") + "@example.org": each
    for each in (
        by_one_click, by_page, by_page_without_token, by_mailto, by_mailto_from_elsewhere, by_preference_page,
        by_preferences_one_by_one, by_operator, by_terminal, by_suppression_list,
    )
}  # fmt: skip


def contact_page(web: TestClient, address: str) -> str:
    """Where the console shows this contact."""
    fields = {"csrf": csrf(web, "/console/contacts"), "q": address}
    found = re.search(r"/console/contacts/\d+", web.post("/console/contacts", data=fields).text)
    assert found is not None
    return found[0]


def test_g1_g19_whoever_left_through_any_door_is_passed_by_ever_after(house: House):
    house.bring([*DOORS, STAYS])
    first = house.run("spring")
    assert set(first) == {*DOORS, STAYS}

    house.later(hours=1)
    for address, leave in DOORS.items():
        leave(house, first[address])

    house.later(days=1)
    for number, topic in enumerate(("announcements", "offers", "updates")):
        assert set(house.run(f"next-{number}", topic=topic)) == {STAYS}
        told = house.report(f"next-{number}")
        assert (told["excluded: opted_out"], told["sent"]) == (len(DOORS), 1)
    assert house.told("verify")["fault"] == "none"


def test_g8_an_import_brings_nobody_back(house: House):
    house.bring(["ann@example.org", STAYS])
    by_one_click(house, house.run("spring")["ann@example.org"])
    house.later(days=1)
    house.bring(["ann@example.org", STAYS], source_time="2026-11-23")
    assert set(house.run("summer")) == {STAYS}


def test_g10_an_old_mail_still_leaves_when_contact_and_campaign_are_gone(house: House):
    house.bring(["ann@example.org", STAYS])
    mail = house.run("spring")["ann@example.org"]
    house.forget("ann@example.org")
    house.later(days=400)
    by_one_click(house, mail)
    by_one_click(house, mail)
    house.bring(["ann@example.org"], source_time="2027-12-20")
    assert set(house.run("summer", when="now")) == {STAYS}


def test_a_topics_one_click_stops_that_topic_alone_and_everything_says_so(house: House):
    house.change(one_click_scope=OneClick.TOPIC)
    house.bring(["ann@example.org", STAYS])
    mail = house.run("spring")["ann@example.org"]
    assert "announcements." in mail.message["List-Id"]
    by_one_click(house, mail)
    house.later(days=1)
    assert set(house.run("summer")) == {STAYS}
    offer = house.run("sale", topic="offers")["ann@example.org"]
    assert "offers." in offer.message["List-Id"]
    assert "Done" in press(house.web, offer.link("/u/")).text
    house.later(days=1)
    assert set(house.run("news", topic="updates")) == {STAYS}
