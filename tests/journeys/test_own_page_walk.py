"""The walks of a person's own page: a pause, less mail, another address, and a request that holds until settled."""

from email.message import EmailMessage
from typing import Any

from tests.forms import fields
from tests.journeys.houses import House
from tests.journeys.pressing import press

ANN, BOB, NEW = "ann@example.org", "bob@example.org", "ann@example.net"


def act(house: House, page: str, name: str, **given: Any) -> str:
    """Open the page, press one of its buttons, and read what it says then."""
    house.later(seconds=1)
    shown = fields(house.web.get(page).text)
    form = {each: shown[each][0] for each in ("seen", "number") if each in shown}
    answer = house.web.post(page, data={"act": name} | form | given)
    assert answer.status_code == 303, answer.text
    return str(house.web.get(answer.headers["location"]).text)


def reached(house: House, name: str, **more: Any) -> set[str]:
    house.later(minutes=1)
    return set(house.run(name, **more))


def test_a_pause_holds_for_its_days_and_ends_by_itself_or_by_its_button(house: House):
    house.bring([ANN, BOB])
    page = house.run("first")[ANN].link("/p/")
    assert "Paused" in act(house, page, "pause", days="30")
    assert reached(house, "second") == {BOB}
    house.later(days=31)
    assert reached(house, "third") == {ANN, BOB}
    act(house, page, "pause", days="90")
    assert reached(house, "fourth") == {BOB}
    assert "The pause is over" in act(house, page, "resume")
    assert reached(house, "fifth") == {ANN, BOB}


def test_who_wants_less_mail_gets_one_in_a_week(house: House):
    house.bring([ANN, BOB])
    page = house.run("first")[ANN].link("/p/")
    act(house, page, "rhythm", days="7")
    assert reached(house, "second") == {BOB}
    house.later(days=8)
    assert reached(house, "third") == {ANN, BOB}
    assert reached(house, "fourth") == {BOB}
    act(house, page, "rhythm", days="0")
    assert reached(house, "fifth") == {ANN, BOB}


def test_an_undone_stop_brings_back_what_was_there_and_nothing_else(house: House):
    house.bring([ANN], topics="offers")
    page = house.run("first", topic="offers")[ANN].link("/p/")
    house.later(seconds=1)
    assert "Done" in house.web.post(page, data={"act": "stop"}).text
    assert reached(house, "second", topic="offers") == set()
    assert "Undone" in act(house, page, "undo")
    assert reached(house, "third", topic="offers") == {ANN}
    assert reached(house, "fourth", topic="updates") == set()


def test_a_new_address_says_yes_itself_and_the_old_one_gets_no_more(house: House):
    house.bring([ANN], topics="offers;updates")
    page = house.run("first", topic="offers")[ANN].link("/p/")
    assert "Please look into the inbox" in act(house, page, "move", address=NEW)
    house.tick()
    (mail,) = house.send()
    assert mail.to == NEW
    assert "/p/" not in mail.text, "nothing of the old address's page goes to the new one"
    assert reached(house, "second", topic="offers") == {ANN}, "until the new address presses, nothing changes"
    assert press(house.web, mail.link("/join/confirm/")).status_code == 200
    assert reached(house, "third", topic="offers") == {NEW}
    assert reached(house, "fourth", topic="research") == set()
    assert house.told("verify")["fault"] == "none"


def test_a_new_address_that_never_asked_for_it_gets_one_mail_and_no_more(house: House):
    house.bring([ANN], topics="offers")
    page = house.run("first", topic="offers")[ANN].link("/p/")
    for address in (NEW, "typo@example.net", NEW, NEW):
        act(house, page, "move", address=address)
        house.tick()
        house.later(minutes=5)
    assert [mail.to for mail in house.send()] == [NEW], "who asks for another address takes the first wish back"
    act(house, page, "move", address=NEW)
    house.tick()
    assert house.send() == []
    assert reached(house, "second", topic="offers") == {ANN}


def test_a_request_to_be_deleted_holds_at_once_and_its_end_frees_only_who_never_left(house: House):
    house.bring([ANN, BOB])
    mail = house.run("first")[BOB]
    for who in (ANN, BOB):
        house.later(seconds=1)
        assert "Done at once" in press(house.web, "/contact", {"reason": "delete", "address": who}).text
    house.web.post(mail.one_click)
    assert reached(house, "second") == set()
    for number in ("1", "2"):
        house.later(seconds=1)
        house.told("case", "close", number, "--outcome", "released", "--note", "it was a mistake")
    assert reached(house, "third") == {ANN}


def test_a_reply_that_asks_something_is_answered_by_people_and_one_that_says_stop_is_heeded(house: House):
    house.bring([ANN, BOB])
    mails = house.run("first")
    for who, words in ((ANN, "When does it ship?"), (BOB, "STOP")):
        reply = EmailMessage()
        reply["From"], reply["Subject"] = who, f"Re: {mails[who].message['Subject']}"
        quoted = "\n".join(f"> {line}" for line in mails[who].text.splitlines())
        reply.set_content(f"{words}\n\nOn Sun, 22 Nov 2026 at 12:00, Halcyon Audio wrote:\n{quoted}\n")
        house.told("inbound", "--mail", "-", given=reply.as_bytes())
    assert [case["kind"] for case in house.told("case", "list")["cases"]] == ["question"]
    assert reached(house, "second") == {ANN}
