from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from campaigns.domain.states import MessageState
from campaigns.domain.tripwires import Tripped, Wire
from campaigns.domain.wishes import DraftSchedule
from campaigns.services.control import pause
from campaigns.services.watch_over import halt
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.mailings import mailings_of
from campaigns.web.live_words import duration
from core.clock import now
from core.database import Database
from core.operators import Role
from tests.api import program
from tests.campaigns.scenes import a_sender, add_readers, make_draft, sending
from tests.web import csrf, sign_in

PAGE = "/console/campaigns/1"
LIVE = f"{PAGE}/live?state=sending"


@pytest.fixture
def under_way(database: Database) -> None:
    """Twelve readers: two sent, two put off by their server, eight due; at most 60 a minute."""
    at = now()
    with database.writing() as session:
        add_readers(session, 12)
        sending(session, make_draft(schedule=DraftSchedule(rate="60")), at=at)
        sender = a_sender(session)
        one, two, *put_off = (each.message_id for each in claim(session, sender, at=at, lease=timedelta(1), most=4))
        ends = [Outcome(each, MessageState.SENT, handed_over_at=at) for each in (one, two)]
        later, words = at + timedelta(hours=1), "4.7.1 Greylisted, ask reader3@example.org"
        ends += [Outcome(each, MessageState.PLANNED, code=451, reply=words, next_try_at=later) for each in put_off]
        settle(session, sender, ends)


def test_the_live_piece_tells_rate_time_left_and_who_puts_mail_off(
    client: TestClient, database: Database, under_way: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    told = " ".join(client.get(LIVE).text.split())
    for words in (
        "at most 60 a minute",
        "8 s",
        "2 messages were put off",
        "example.org",
        "451 4.7.1 Greylisted, ask •••",
    ):
        assert words in told, words
    assert 'hx-trigger="every 2s"' in told
    assert 'id="standing"' not in told


def test_p1_an_analyst_is_not_told_the_domains(client: TestClient, database: Database, under_way: None) -> None:
    sign_in(client, database, Role.ANALYST)
    told = client.get(LIVE).text
    assert "2 messages were put off" in told
    assert "example.org" not in told
    assert client.post(f"{PAGE}/rate", data={"csrf": csrf(client, PAGE), "rate": "5"}).status_code == 403


def test_the_headline_follows_when_the_state_has_changed_and_polling_ends_with_the_campaign(
    client: TestClient, database: Database, under_way: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    with database.writing() as session:
        pause(session, "spring", at=now())
    paused = client.get(LIVE).text
    assert '<div id="standing" hx-swap-oob="true">' in paused
    assert "/resume" in paused
    assert 'hx-trigger="every 5s"' in paused
    assert 'id="standing"' not in client.get(f"{PAGE}/live?state=paused").text
    client.post(f"{PAGE}/cancel", data={"csrf": csrf(client, PAGE)})
    assert "hx-trigger" not in client.get(f"{PAGE}/live?state=paused").text
    whole = client.get(PAGE).text
    assert whole.count('id="standing"') == 1
    assert "hx-swap-oob" not in whole


def test_a_campaign_that_was_paused_by_itself_says_why_and_what_to_do(
    client: TestClient, database: Database, under_way: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    with database.writing() as session:
        halt(session, 1, Tripped(Wire.BOUNCES, 12, 60, 0.05), at=now())
    told = client.get(PAGE).text
    assert "12 of 60 messages went to addresses at which nobody is (20.0%, and it pauses at 5.0%)." in told
    assert "an old or a bought list" in told
    client.post(f"{PAGE}/resume", data={"csrf": csrf(client, PAGE)})
    assert "Paused by itself" not in client.get(PAGE).text


def test_the_rate_is_changed_on_the_page_and_a_mistake_stands_beside_it(
    client: TestClient, database: Database, under_way: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, PAGE)}
    assert client.post(f"{PAGE}/rate", data=form | {"rate": "10/second"}).headers["location"] == f"{PAGE}?said=paced"
    with database.reading() as session:
        assert [each.rate_per_minute for each in mailings_of(session, 1)] == [600]
    wrong = client.post(f"{PAGE}/rate", data=form | {"rate": "fast"})
    assert wrong.status_code == 422
    assert "is no rate" in wrong.text.partition('id="e-rate">')[2].partition("</p>")[0]
    assert 'value="fast"' in wrong.text
    client.post(f"{PAGE}/cancel", data=form)
    assert client.post(f"{PAGE}/rate", data=form | {"rate": "5"}).status_code == 409


def test_outside_its_hours_the_page_says_when_they_begin(client: TestClient, database: Database) -> None:
    tomorrow = DraftSchedule(hours=f"{now() + timedelta(days=1):%a}".lower(), zone="UTC")
    with database.writing() as session:
        add_readers(session, 1)
        sending(session, make_draft(schedule=tomorrow), at=now())
    sign_in(client, database, Role.ANALYST)
    assert "for its hours, which begin on" in client.get(PAGE).text


def test_the_api_tells_the_progress_and_sets_the_rate(client: TestClient, database: Database, under_way: None) -> None:
    editor, analyst = program(client, database), program(client, database, Role.ANALYST)
    told = editor.get("/campaigns/1/report").json()["progress"]
    assert (told["due"], told["later"], told["deferred"], told["rate_per_minute"]) == (8, 2, 2, 60)
    assert told["domains"] == [{"domain": "example.org", "deferred": 2, "said": "451 4.7.1 Greylisted, ask •••"}]
    assert analyst.get("/campaigns/1/report").json()["progress"]["domains"] == []
    said = editor.post("/campaigns/rate", {"campaign": 1, "rate_per_minute": None})
    assert said.json() == {"campaign": 1, "state": "sending", "rate_per_minute": None}
    assert editor.post("/campaigns/rate", {"campaign": 1, "rate_per_minute": 0}).status_code == 422
    assert editor.post("/campaigns/rate", {"campaign": 9, "rate_per_minute": 1}).status_code == 404
    assert analyst.post("/campaigns/rate", {"campaign": 1, "rate_per_minute": 1}).status_code == 403


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59.4, "59 s"), (61, "1 min 1 s"), (3599, "59 min 59 s"), (3700, "1 h 1 min"), (90000, "25 h 0 min")],
)
def test_a_duration_is_told_by_its_two_largest_units(seconds, said):
    assert duration(seconds) == said
