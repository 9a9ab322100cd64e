"""The flow of the form over the real application: languages, keeping, the review, the receipt, signs of machines."""

import re
from datetime import timedelta

import pytest
import time_machine

from core.clock import now
from core.tokens import ANSWER_MAC, TokenKind, pack
from surveys.storage.responses import Response, answers_of, response_to
from tests.surveys.survey_scenes import counted, invitations, invited, opened, people
from tests.web import browser, sign_in

SURVEY = """
name = "tea"
title = "Tea"
intro = "Welcome."
review = true
receipt = true
thanks = "Enjoy your {{ cups }} cups."
[translations.de]
title = "Tee"
intro = "Willkommen."
"tea.text" = "Tee?"
[[page]]
name = "first"
[[page.question]]
name = "tea"
kind = "single"
text = "Tea?"
choices = [{ name = "yes", label = "Yes, please" }, { name = "no", label = "No" }]
[[page]]
name = "last"
[[page.question]]
name = "cups"
kind = "number"
text = "How many cups?"
required = true
"""


@pytest.fixture
def guest(database, settings, keyring):
    with database.writing() as session:
        survey = opened(session, SURVEY)
        people(session, 1)
        invited(session, survey)
        number = invitations(session)[0].id
    with browser(settings, database) as client:
        yield Guest(client, database, number, "/s/" + keyring.sign(TokenKind.ANSWER, pack(number), ANSWER_MAC), keyring)


class Guest:
    def __init__(self, client, database, number, link, keyring):
        self.client, self.database, self.number, self.link, self.keyring = client, database, number, link, keyring

    def send(self, page: str, go: str = "next", **fields: str):
        return self.client.post(self.link, data={"_page": page, "_go": go, "_seed": "7", **fields})

    def speak(self, language: str) -> None:
        with self.database.writing() as session:
            invitations(session)[0].language = language

    def stored(self) -> Response | None:
        with self.database.reading() as session:
            found = response_to(session, self.number)
            if found:
                session.expunge(found)
            return found

    def answers(self) -> set[str]:
        with self.database.reading() as session:
            response = response_to(session, self.number)
            return set(answers_of(session, response.id)) if response else set()

    def show(self, query: str = "") -> str:
        page = self.client.get(self.link + query)
        assert page.status_code == 200
        return str(page.text)


def test_answers_are_looked_at_before_they_are_sent_and_the_receipt_is_for_who_sent_them(guest):
    guest.speak("en")
    assert guest.send("first", tea="yes").headers["location"].endswith("page=last")
    review = guest.send("last", cups="2").headers["location"]
    assert review.endswith("page=-review")
    page = guest.client.get(review).text
    assert "<title>Your answers, before you send them" in page
    assert "Yes, please" in page
    assert f'href="{guest.link}?page=first"' in page
    assert guest.stored().state == "open"
    sent = guest.send("-review").headers["location"]
    assert guest.stored().state == "complete"
    thanks = guest.client.get(sent).text
    assert "Enjoy your 2 cups." in thanks
    found = re.search(r'href="([^"]+copy=1)"', thanks)
    assert found
    copy = found[1].replace("&amp;", "&")
    assert "Yes, please" in guest.client.get(copy).text
    later = guest.show()
    assert "Your answers have arrived." in later
    assert not any(words in later for words in ("Yes, please", "{{"))
    assert "copy=1" not in guest.show("?thanks=1")
    with time_machine.travel(now() + timedelta(minutes=31)):
        assert "Yes, please" not in guest.client.get(copy).text


def test_a_receipt_opens_with_nothing_else_than_its_own_key(guest):
    guest.send("last", cups="2")
    guest.send("-review")
    response = guest.stored()
    assert response.state == "complete"
    for numbers in ((response.id + 1, int(now().timestamp()), 3), (response.id, int(now().timestamp()))):
        key = guest.keyring.sign(TokenKind.ANSWER, pack(*numbers), ANSWER_MAC)
        assert "How many cups?" not in guest.show(f"?receipt={key}&copy=1")
    assert "How many cups?" not in guest.show("?receipt=nonsense&copy=1")


def test_the_review_waits_for_what_is_owing_and_leads_back(guest):
    guest.speak("en")
    guest.send("first", tea="yes")
    assert "How many cups?" in guest.show("?page=-review")
    assert guest.send("-review").headers["location"].endswith("page=last")
    guest.send("last", cups="2")
    assert "before you send them" in guest.show()
    assert guest.send("-review", "back").headers["location"].endswith("page=last")


def test_another_language_is_one_button_that_keeps_what_is_filled_in(guest):
    page = guest.show()
    assert ("Tee?" in page, "Willkommen." in page, '<html lang="de"' in page) == (True, True, True)
    assert 'value="language:en"' in page
    with guest.database.reading() as session:
        before = counted(session)
    empty = guest.send("first", "language:en")
    assert empty.headers["location"].endswith("page=first&lang=en")
    with guest.database.reading() as session:
        assert counted(session) == before
    english = guest.client.get(empty.headers["location"]).text
    assert ("Tea?" in english, "Welcome." in english, 'name="_language" value="en"' in english) == (True, True, True)
    guest.send("first", "language:en", tea="yes")
    assert (guest.stored().language, guest.answers()) == ("en", {"tea"})
    assert re.search(r'value="yes"[^>]* checked', guest.show())
    assert 'value="language:de"' in guest.show()
    assert "Tee?" in guest.show("?lang=de")
    assert "Tea?" in guest.show("?lang=xx")


def test_what_is_filled_in_is_kept_on_the_way_and_told_to_the_script(guest):
    kept = guest.send("first", "stay", tea="yes", _auto="1")
    assert (kept.status_code, kept.text) == (200, guest.link)
    assert guest.answers() == {"tea"}
    assert guest.stored().page == "first"
    wrong = guest.send("last", "stay", cups="many", _auto="1")
    assert (wrong.status_code, guest.answers()) == (200, {"tea"})
    guest.send("last", cups="2")
    guest.send("-review")
    assert guest.send("first", "stay", tea="no", _auto="1").status_code == 409
    assert guest.stored().state == "complete"


def test_the_time_on_a_page_and_what_looks_like_a_machine_are_noted_and_nothing_is_dropped(guest):
    soon = str(int((now().timestamp() - 0.2) * 1000))
    guest.send("first", tea="yes", _shown=soon, _address2="spam")
    response = guest.stored()
    assert response.signs.split() == ["hasty", "trap"]
    assert 0 <= response.pace["first"] < 60
    calm = str(int((now().timestamp() - 9) * 1000))
    guest.send("last", cups="2", _shown=calm)
    response = guest.stored()
    assert (response.signs, guest.answers()) == ("hasty trap", {"tea", "cups"})
    assert response.pace["last"] >= 9
    guest.send("-review")
    sign_in(guest.client, guest.database)
    report = guest.client.get("/console/surveys/1").text
    assert "1 completed response behaved like a program" in report
    assert "a field was filled in that nobody can see: 1" in report


def test_broken_hidden_fields_change_nothing_for_the_person(guest):
    odd = {"_seed": "-1", "_shown": "9" * 40, "_language": "../x", "_version": "99"}
    answer = guest.client.post(guest.link, data={"_page": "first", "tea": "yes", **odd, "_go": "fly"})
    assert answer.headers["location"].endswith("page=last")
    response = guest.stored()
    assert (response.version, response.language, response.pace) == (1, "de", None)
