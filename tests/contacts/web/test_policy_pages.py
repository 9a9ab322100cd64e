"""The console's pages for the policy: the team reads it, admins publish the next version, old ones never change."""

import pytest
from starlette.testclient import TestClient

from contacts.domain.policy import Basis, Rule, Source, strict_rules
from contacts.storage.policies import current_policy, policy_named, rules_of
from core.database import Database
from core.operators import Role
from tests.forms import fields
from tests.web import sign_in

LIST = "/console/policy"
NEW = f"{LIST}/new"


def filled(client: TestClient, path: str = NEW) -> dict[str, str]:
    page = client.get(path)
    assert page.status_code == 200
    return {name: values[0] for name, values in fields(page.text).items()} | {
        "version": "2027-01",
        "wording": "We write to people who said yes.",
    }


def test_the_table_is_told_in_words(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.ANALYST)
    page = client.get(LIST).text
    for told in ("after a yes", "never", "Special offers", "Mail for partners", "in force", "first version"):
        assert told in page
    assert "New version" not in page
    assert client.get(NEW).status_code == 403


def test_a_version_is_published_as_filled_in_and_compared_with_the_one_before(
    client: TestClient, database: Database
) -> None:
    sign_in(client, database)
    form = filled(client) | {"purchase:offers": "notice:365"}
    answer = client.post(NEW, data=form)
    assert answer.headers["location"] == f"{LIST}/versions/2027-01?said=published"
    page = client.get(answer.headers["location"]).text
    assert "once told, 365 days" in page
    assert "The text of the privacy policy is another one." in page
    assert "We write to people who said yes." in page
    assert "2026-01" in page
    with database.reading() as session:
        assert current_policy(session) == "2027-01"
        changed = strict_rules() | {(Source.PURCHASE, "offers"): Rule(Basis.NOTICE, 365)}
        assert rules_of(session, "2027-01") == changed
        assert policy_named(session, "2027-01").published_by == "admin@example.org"


def test_the_form_starts_from_a_preset_or_from_what_is_in_force(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    assert filled(client)["purchase:announcements"] == "consent"
    notice = filled(client, f"{NEW}?from=notice")
    assert (notice["purchase:announcements"], notice["preset"]) == ("notice:730", "notice")
    client.post(NEW, data=notice | {"purchase:announcements": "notice:31"})
    assert filled(client)["purchase:announcements"] == "notice:31", "what is unusual can be kept"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "2026-01"}, "There is a version"),
        ({"version": "a b"}, "cannot be the name of a version"),
        ({"wording": " "}, "The text of the privacy policy is missing."),
        ({"purchase:offers": "always"}, "is no rule"),
        ({"purchase:partners": "notice"}, "off until the person says yes"),
        ({"survey:sharing": "notice:3"}, "off until the person says yes"),
        ({"preset": "loose"}, "Choose what it started from."),
    ],
)
def test_a_mistake_is_said_and_every_choice_is_kept(
    client: TestClient, database: Database, change: dict[str, str], said: str
) -> None:
    sign_in(client, database)
    form = filled(client) | {"wording": "Our words", "registration:updates": "none"} | change
    answer = client.post(NEW, data=form)
    assert answer.status_code == 422
    assert said in answer.text
    kept = fields(answer.text)
    assert "wording" in change or kept["wording"] == ["Our words"]
    assert kept["registration:updates"] == ["none"]
    assert kept["registration:announcements"] == ["consent"]
    with database.reading() as session:
        assert current_policy(session) == "2026-01"


def test_the_words_of_a_policy_run_nothing(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    client.post(NEW, data=filled(client) | {"wording": "<script>alert(1)</script>"})
    page = client.get(LIST).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_version_that_never_was_is_not_found(client: TestClient, database: Database) -> None:
    sign_in(client, database, Role.ANALYST)
    assert client.get(f"{LIST}/versions/2020-01").status_code == 404
    assert client.post(NEW, data={}).status_code == 403
