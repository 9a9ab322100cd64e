"""The console's page of variants: written, checked, previewed and tested like the campaign; chosen while it is sent."""

from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaigns.domain.campaign_files import CampaignDraft
from campaigns.domain.trials import DraftTrial, DraftVariant
from campaigns.services.launch import launch
from campaigns.storage.campaigns import find_campaign, put_draft, revision
from campaigns.storage.variants import trial_of
from core.database import Database
from core.operators import Role
from tests.campaigns.scenes import HTML, add_reader, add_readers, make_draft, scheduled
from tests.web import csrf, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # both are tried below the pages
PAGE = "/console/campaigns/1"
B = DraftVariant(subject="Is it spring?")
VALUES = {
    "share": "30",
    "wait_hours": "2",
    "winner": "clicks",
    "confidence": "90",
    "unclear": "ask",
    "subject": ["Is it spring?", "", ""],
    "preheader": ["", "", ""],
    "headline": ["Spring!", "", ""],
    "more": ['colour = "red"', "", ""],
    "html": ["", "<p>other</p>", ""],
    "text": ["", "", ""],
}


def draft(database: Database, at: datetime, **changes: Any) -> CampaignDraft:
    with database.writing() as session:
        add_reader(session, "ann@example.org")
        return put_draft(session, make_draft(**changes), at).draft


def kept(database: Database) -> DraftTrial:
    with database.reading() as session:
        return find_campaign(session, "spring").draft.trial


def post(client: TestClient, database: Database, **changes: Any):
    with database.reading() as session:
        version = revision(find_campaign(session, "spring"))
    data = VALUES | {"csrf": csrf(client, f"{PAGE}/variants"), "revision": version} | changes
    return client.post(f"{PAGE}/variants", data=data, follow_redirects=False)


def test_variants_are_written_shown_again_and_taken_out(client: TestClient, database: Database, noon: datetime):
    draft(database, noon)
    sign_in(client, database, Role.EDITOR)
    assert post(client, database).status_code == 303
    assert kept(database) == DraftTrial(
        share=30,
        wait_hours=2,
        confidence=90,
        unclear="ask",
        variants=(
            DraftVariant(subject="Is it spring?", content={"headline": "Spring!", "colour": "red"}),
            DraftVariant(html="<p>other</p>"),
        ),
    )
    page = client.get(f"{PAGE}/variants?said=saved").text
    for words in (
        "Is it spring?",
        "Spring!",
        "colour = &#34;red&#34;",
        "&lt;p&gt;other&lt;/p&gt;",
        "Variant D",
        "Saved.",
    ):
        assert words in page
    nothing = {name: ["", ""] for name in ("subject", "preheader", "headline", "more", "html", "text")}
    assert post(client, database, **nothing).status_code == 303
    assert kept(database).variants == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"share": "many"}, "a whole number from 1 to 100"),
        ({"confidence": "100"}, "a whole number from 80 to 99"),
        ({"winner": "luck"}, "must be one of: clicks, answers"),
        (
            {"more": ["colour = ", "", ""]},
            'aria-describedby="h-vB-more">\ncolour =',
        ),
    ],
)
def test_a_mistake_is_told_and_nothing_is_kept(client: TestClient, database: Database, noon: datetime, changes, said):
    draft(database, noon)
    sign_in(client, database, Role.EDITOR)
    answer = post(client, database, **changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Is it spring?" in answer.text
    assert kept(database) == DraftTrial()


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(client: TestClient, database: Database, noon: datetime):
    draft(database, noon)
    sign_in(client, database, Role.EDITOR)
    answer = post(client, database, revision="old")
    assert (answer.status_code, kept(database)) == (409, DraftTrial())
    assert "Somebody changed this campaign meanwhile" in answer.text
    assert "Is it spring?" in answer.text


def test_g20_a_variant_is_checked_previewed_and_tested_as_it_would_go(
    client: TestClient, database: Database, noon: datetime
):
    bad = DraftVariant(html=HTML.replace("{{ unsubscribe_url }}", "https://example.org/"))
    draft(database, noon, trial=DraftTrial(variants=(B, bad)))
    sign_in(client, database, Role.EDITOR)
    checks = client.get(f"{PAGE}/checks").text
    assert "Variant C: " in checks
    assert "Variant B: " not in checks
    page = client.get(f"{PAGE}/preview?variant=B").text
    assert "Is it spring?" in page
    assert "New this spring" in client.get(f"{PAGE}/preview?variant=Z").text
    token = csrf(client, PAGE)
    assert client.post(f"{PAGE}/schedule", data={"csrf": token}).status_code == 409
    with database.reading() as session:
        assert find_campaign(session, "spring").state == "draft"
    data = {"csrf": token, "address": "ann@example.org"}
    good = client.post(f"{PAGE}/test", data=data | {"variant": "B"}, follow_redirects=False)
    assert good.status_code == 303
    assert client.post(f"{PAGE}/test", data=data | {"variant": "C"}).status_code == 409
    found = client.post(f"{PAGE}/preview", data=data | {"variant": "b"}, follow_redirects=False)
    assert found.headers["location"].endswith("&variant=B")


def test_the_rest_gets_what_an_operator_chooses(client, database: Database, settings, keyring, noon: datetime):
    with database.writing() as session:
        add_readers(session, 10)
        number = scheduled(session, make_draft(trial=DraftTrial(variants=(B,)))).id
        launch(session, number, settings, keyring, at=noon)
    sign_in(client, database, Role.EDITOR)
    page = client.get(PAGE).text
    assert "8 people wait. Send now:" in page
    assert "Nothing can be told yet" in page
    chosen = client.post(f"{PAGE}/choose", data={"csrf": csrf(client, PAGE), "letter": "B"}, follow_redirects=False)
    assert chosen.headers["location"].endswith("said=chosen")
    with database.reading() as session:
        trial = trial_of(session, number)
        assert trial is not None
        assert trial.winner == 2
    again = client.post(f"{PAGE}/choose", data={"csrf": csrf(client, PAGE), "letter": "A"})
    assert again.status_code == 409
    assert "decided already" in again.text
    assert "<button name=" not in client.get(PAGE).text


def test_an_analyst_sees_how_they_stand_and_chooses_nothing(
    client, database: Database, settings, keyring, noon: datetime
):
    with database.writing() as session:
        add_readers(session, 10)
        number = scheduled(session, make_draft(trial=DraftTrial(variants=(B,)))).id
        launch(session, number, settings, keyring, at=noon)
    sign_in(client, database, Role.ANALYST)
    page = client.get(PAGE).text
    assert "95 % interval" in page
    assert "Send now" not in page


def test_the_page_tells_what_so_many_people_can_tell(client: TestClient, database: Database, noon: datetime):
    draft(database, noon, trial=DraftTrial(variants=(B,)))
    sign_in(client, database, Role.EDITOR)
    piece = client.get(f"{PAGE}/variants/size").text
    assert "0 people would get each variant first" in piece
    assert "So few tell nothing" in piece
