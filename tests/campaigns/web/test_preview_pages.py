from datetime import datetime

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from campaigns.services.apply_campaign import apply_draft
from campaigns.storage.campaigns import get_campaign
from campaigns.storage.mailings import Mailing
from core.database import Database
from core.operators import Role
from tests.campaigns.scenes import add_contact, add_reader, make_draft
from tests.web import csrf, sign_in

LIST = "/console/campaigns"
PAGE = f"{LIST}/1"


@pytest.fixture
def ready(database: Database, noon: datetime) -> None:
    with database.writing() as session:
        add_reader(session, "ann@example.org", given_name="Ann")
        add_contact(session, "stranger@example.org", given_name="Bo")
        apply_draft(session, make_draft(), at=noon)


def test_the_preview_shows_the_mail_as_one_contact_would_get_it(
    client: TestClient, database: Database, ready: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    page = client.get(f"{PAGE}/preview").text
    assert "New this spring" in page
    assert "Shown for Ann" in page
    assert "sandbox" in page
    assert "Hello Ann" in client.get(f"{PAGE}/preview", params={"part": "text"}).text
    assert "List-Unsubscribe-Post" in client.get(f"{PAGE}/preview", params={"part": "headers"}).text


def test_p1_the_contact_is_chosen_by_post_and_named_by_number(
    client: TestClient, database: Database, ready: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, f"{PAGE}/preview"), "address": "Stranger@example.org"}
    answer = client.post(f"{PAGE}/preview", data=form)
    assert answer.headers["location"] == f"{PAGE}/preview?contact=2"
    page = client.get(answer.headers["location"]).text
    assert "This person would not get it: never gave permission for this topic" in page
    for wrong in ("nobody@example.org", "nonsense"):
        refused = client.post(f"{PAGE}/preview", data=form | {"address": wrong})
        assert refused.status_code == 422
        assert 'id="e-address"' in refused.text


def test_the_mail_is_sealed_in_its_frame(client: TestClient, database: Database, ready: None) -> None:
    sign_in(client, database, Role.EDITOR)
    answer = client.get(f"{PAGE}/preview/mail")
    assert "Hello Ann" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_template_that_fails_says_where_instead_of_a_preview(
    client: TestClient, database: Database, noon: datetime
) -> None:
    with database.writing() as session:
        apply_draft(session, make_draft(html="<p>{{ nothing.here }}</p>"), at=noon)
    sign_in(client, database, Role.EDITOR)
    assert "nothing" in client.get(f"{PAGE}/preview").text
    assert client.get(f"{PAGE}/preview/mail").text == ""


def test_g20_the_checks_say_what_must_be_put_right(client: TestClient, database: Database, noon: datetime) -> None:
    with database.writing() as session:
        apply_draft(session, make_draft(html="<p>Words</p>", text="Words"), at=noon)
    sign_in(client, database, Role.ANALYST)
    page = client.get(f"{PAGE}/checks").text
    assert "no visible unsubscribe link" in page
    assert ">must<" in page


def test_g20_a_campaign_that_fails_a_check_is_not_scheduled(
    client: TestClient, database: Database, noon: datetime
) -> None:
    with database.writing() as session:
        apply_draft(session, make_draft(html="<p>Words</p>", text="Words"), at=noon)
    sign_in(client, database, Role.EDITOR)
    answer = client.post(f"{PAGE}/schedule", data={"csrf": csrf(client, PAGE)})
    assert answer.status_code == 409
    assert "has not passed its checks" in answer.text
    assert "`heedful" not in answer.text
    with database.reading() as session:
        assert get_campaign(session, 1).state == "draft"


def test_a_campaign_is_scheduled_taken_back_and_scheduled_again(
    client: TestClient, database: Database, ready: None
) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, PAGE)}
    assert client.post(f"{PAGE}/schedule", data=form).headers["location"] == f"{PAGE}?said=scheduled"
    assert "Begins by itself" in client.get(PAGE).text
    assert client.post(f"{PAGE}/schedule", data=form).status_code == 409
    assert client.post(f"{PAGE}/take-back", data=form).headers["location"] == f"{PAGE}?said=unscheduled"
    assert client.post(f"{PAGE}/schedule", data=form).status_code == 303


def test_g3_a_test_goes_only_to_a_contact_who_may_get_it(client: TestClient, database: Database, ready: None) -> None:
    sign_in(client, database, Role.EDITOR)
    form = {"csrf": csrf(client, PAGE)}
    assert client.post(f"{PAGE}/test", data=form | {"address": "ann@example.org"}).status_code == 303
    for wrong in ("stranger@example.org", "nobody@example.org", "nonsense", ""):
        answer = client.post(f"{PAGE}/test", data=form | {"address": wrong})
        assert answer.status_code == 422, wrong
        assert 'id="e-address"' in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count(Mailing.id))) == 1


def test_an_analyst_sees_no_preview_since_it_holds_an_address(
    client: TestClient, database: Database, ready: None
) -> None:
    sign_in(client, database, Role.ANALYST)
    assert client.get(f"{PAGE}/preview").status_code == 403
    assert client.get(f"{PAGE}/preview/mail").status_code == 403
    assert f"{PAGE}/preview" not in client.get(PAGE).text
