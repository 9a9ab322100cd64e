"""The form over the real application: what people see, what is stored, and what never is."""

import re
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from contacts.domain.facts import Kind
from contacts.storage.contacts import Contact
from core.database import Database
from core.tokens import ANSWER_MAC, Keyring, TokenKind, pack
from core.web.rendering import static_url
from surveys.storage.responses import answers_of, response_to
from surveys.storage.surveys import close_survey, find_survey
from tests.campaigns.scenes import tell
from tests.conftest import NOON
from tests.surveys.domain.sample_surveys import BRANCHING
from tests.surveys.survey_scenes import STRAIGHT, counted, invitations, invited, opened, people
from tests.web import browser


@dataclass
class Guest:
    """Somebody with an invitation and a browser."""

    client: TestClient
    database: Database
    invitation: int
    contact: int
    link: str

    def send(self, page: str, go: str = "next", **fields: object):
        posted = {name.replace("__", "-"): value for name, value in fields.items()}
        return self.client.post(self.link, data={"_page": page, "_version": "1", "_go": go, **posted})

    def stored(self):
        with self.database.reading() as session:
            response = response_to(session, self.invitation)
            return (response.page, answers_of(session, response.id)) if response else None


@pytest.fixture
def guest(database, settings, keyring):
    with database.writing() as session:
        survey = opened(session, BRANCHING.replace('title = "Your trip"', 'title = "Your trip"\nminutes = 3'))
        people(session, 1)
        invited(session, survey)
        (invitation,) = invitations(session)
        number, contact = invitation.id, invitation.contact_id
    with browser(settings, database) as client:
        yield Guest(client, database, number, contact, link_of(keyring, number))


def link_of(keyring: Keyring, number: int) -> str:
    return "/s/" + keyring.sign(TokenKind.ANSWER, pack(number), ANSWER_MAC)


def test_g11_opening_the_form_stores_nothing_whoever_opens_it(guest):
    with guest.database.reading() as session:
        before = counted(session)
    for method, path in (("GET", ""), ("HEAD", ""), ("GET", "?page=end"), ("GET", "?declined=1"), ("OPTIONS", "")):
        answer = guest.client.request(method, guest.link + path)
        assert answer.status_code in {200, 405}
        assert "set-cookie" not in answer.headers
    with guest.database.reading() as session:
        assert counted(session) == before


def test_the_page_says_who_asks_how_long_it_takes_and_how_to_stop(guest):
    page = guest.client.get(guest.link)
    assert page.status_code == 200
    assert "<title>Page 1 of 3 – Your trip" in page.text
    assert "Takes about 3 minutes." in page.text
    assert re.search(r'href="/p/[\w-]+"', page.text)
    assert re.search(r'href="/u/[\w-]+"', page.text)
    assert f'<script src="{static_url("survey.js")}" defer>' in page.text
    assert all(
        re.fullmatch(r'<script src="/static/[^"]+" defer>', each) for each in re.findall(r"<script[^>]*>", page.text)
    )
    assert "style=" not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "person0" not in page.text


def test_answering_straight_leads_to_thanks(guest):
    pages = []
    for page, fields in STRAIGHT:
        answer = guest.client.post(guest.link, data={"_page": page, "_go": "next", **fields})
        assert answer.status_code == 303
        pages.append(answer.headers["location"].rpartition("?")[2])
    assert pages == ["page=trip", "page=details", "page=end", "thanks=1"]
    thanks = guest.client.get(f"{guest.link}?thanks=1")
    assert "<h1>Thank you</h1>" in thanks.text
    assert "You have already answered, thank you" in guest.client.get(guest.link).text


def test_faults_are_summed_up_linked_and_told_beside_their_fields(guest):
    guest.send("start", went="yes")
    page = guest.send("trip", how=["none", "car"], score="")
    assert page.status_code == 422
    assert "<title>Error: Page 2 of 4" in page.text
    for field in ("how", "score"):
        assert f'<a href="#f-{field}">' in page.text
        assert f'id="f-{field}"' in page.text
        assert f'id="e-{field}"' in page.text
        assert f'aria-describedby="e-{field}"' in page.text
    assert 'value="car" checked' in " ".join(page.text.split())
    assert guest.stored() == ("trip", {"went": guest.stored()[1]["went"]})


def test_going_back_and_changing_is_allowed_and_hidden_pages_are_not_counted(guest):
    guest.send("start", went="yes")
    assert guest.send("trip", "back", how="car").headers["location"].endswith("page=start")
    assert "checked" in guest.client.get(f"{guest.link}?page=start").text
    assert guest.send("start", went="no").headers["location"].endswith("page=why_not")
    assert "Page 2 of 3" in guest.client.get(guest.link).text
    assert set(guest.stored()[1]) == {"went", "how"}


def test_the_link_resumes_and_nobody_skips_ahead(guest):
    guest.send("start", went="yes")
    assert "Page 2 of 4" in guest.client.get(guest.link).text
    assert "Page 2 of 4" in guest.client.get(f"{guest.link}?page=end").text


def test_pressing_on_a_page_that_another_tab_hid_stores_nothing(guest):
    guest.send("start", went="no")
    answer = guest.send("trip", score="9")
    assert (answer.status_code, answer.headers["location"].rpartition("=")[2]) == (303, "why_not")
    assert set(guest.stored()[1]) == {"went"}


def test_a_second_submission_after_the_end_is_told_and_changes_nothing(guest):
    for page, fields in STRAIGHT:
        guest.client.post(guest.link, data={"_page": page, **fields})
    before = guest.stored()
    answer = guest.send("start", went="no")
    assert (answer.status_code, "You have already answered" in answer.text) == (200, True)
    assert guest.stored() == before


def test_declining_is_one_press_and_can_be_reconsidered(guest):
    guest.send("start", went="yes")
    answer = guest.send("start", "decline")
    assert answer.headers["location"].endswith("declined=1")
    assert "You will get no reminder" in guest.client.get(answer.headers["location"]).text
    assert "changed your mind, just answer" in guest.client.get(guest.link).text
    assert guest.stored() is None


def test_g13_a_child_finds_nothing_to_answer_and_leaves_nothing(guest):
    with guest.database.writing() as session:
        tell(session, session.get(Contact, guest.contact), Kind.CHILD, ["everything"])
        before = counted(session)
    for answer in (guest.client.get(guest.link), guest.send("start", went="yes")):
        assert "There is nothing to answer here" in answer.text
        assert "Did you go?" not in answer.text
        assert "/p/" not in answer.text
    guest.send("start", "decline")
    with guest.database.reading() as session:
        assert counted(session) == before


def test_a_closed_survey_says_so_and_stores_nothing(guest):
    with guest.database.writing() as session:
        close_survey(session, find_survey(session, "trip"), NOON)
    for answer in (guest.client.get(guest.link), guest.send("start", went="yes")):
        assert (answer.status_code, "This survey is closed" in answer.text) == (410, True)
    assert guest.stored() is None


@pytest.mark.parametrize("change", [lambda link: link[:-1], lambda link: link + "A", lambda _link: "/s/nonsense"])
def test_a_link_that_lost_a_character_is_not_found(guest, change):
    answer = guest.client.get(change(guest.link))
    assert (answer.status_code, "This link is not complete" in answer.text) == (404, True)
    assert guest.client.post(change(guest.link)).status_code == 404


def test_a_link_of_another_kind_or_of_nobody_opens_nothing(guest, keyring):
    other = keyring.sign(TokenKind.PREFERENCES, pack(guest.invitation), ANSWER_MAC)
    assert guest.client.get(f"/s/{other}").status_code == 404
    two = keyring.sign(TokenKind.ANSWER, pack(1, 2), ANSWER_MAC)
    assert guest.client.get(f"/s/{two}").status_code == 404
    assert guest.client.get(link_of(keyring, 424242)).status_code == 404
    for method in ("GET", "POST"):
        assert "belongs to nobody" in guest.client.request(method, link_of(keyring, 0)).text


def test_hostile_bytes_are_an_error_page_or_a_fault_never_a_crash(guest):
    guest.send("start", went="yes")
    for data in (b"\xff\xfe=%00", b"_page=trip&score=%F0%9F&how=%00", b"_page=%ED%A0%80", b"_version=" + b"9" * 40):
        headers = {"content-type": "application/x-www-form-urlencoded"}
        assert guest.client.post(guest.link, content=data, headers=headers).status_code < 500
    assert guest.client.post(guest.link, files={"score": b"x"}, data={"_page": "trip"}).status_code < 500
    assert set(guest.stored()[1]) == {"went"}


def test_a_page_in_a_language_from_right_to_left_says_so(database, settings, keyring):
    with database.writing() as session:
        survey = opened(session, BRANCHING.replace('title = "Your trip"', 'title = "رحلتك"\nlanguage = "ar"'))
        people(session, 1)
        invited(session, survey)
        number = invitations(session)[0].id
    with browser(settings, database) as client:
        assert '<html lang="ar" dir="rtl">' in client.get(link_of(keyring, number)).text
