"""A web server that runs on with the pepper from before a rotation: it says nothing untrue, and links go on working."""

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from contacts.domain.addresses import Pepper, PepperRing, read_address
from contacts.domain.leaving_tokens import unsubscribe_token
from contacts.domain.verdicts import Reason
from contacts.storage.gate import verdicts
from contacts.storage.ledger import Event
from contacts.storage.peppers import begin_generation
from tests.conftest import PEPPER
from tests.contacts.people import add_permitted
from tests.web import browser

FRESH = "a-fresh-pepper-of-the-tests-that-is-long"
BOTH = SecretStr(f"{FRESH},{PEPPER}")


@pytest.fixture
def ann(database, pepper, noon):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "ann@example.org", "offers", at=noon)
        begin_generation(session, PepperRing([FRESH, PEPPER]))
        return keys


def verdict(database, keys, at):
    with database.reading() as session:
        return verdicts(session, "offers", [keys.own], at=at)[keys.own]


def test_g2_a_server_without_the_new_pepper_says_try_again_and_records_nothing(client, database, noon, ann):
    answer = client.post("/unsubscribe", data={"address": "ann@example.org"})
    assert answer.status_code == 503
    assert "try again" in answer.text
    assert "PEPPER" not in answer.text
    assert answer.headers["retry-after"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 1
    assert verdict(database, ann, noon) is None


def test_g10_the_link_in_a_mail_goes_on_working_on_such_a_server(client, database, noon, keyring, ann):
    assert client.post("/u/" + unsubscribe_token(keyring, ann.own, 0, 1)).status_code == 200
    assert verdict(database, ann, noon) is Reason.OPTED_OUT


@pytest.mark.parametrize("typed", ["ann@example.org", "Ann <ANN@EXAMPLE.ORG>", "ａnn@example.org."])
def test_g19_with_the_whole_ring_the_old_contact_is_found_by_any_spelling(settings, database, noon, ann, typed):
    with browser(settings.model_copy(update={"pepper": BOTH}), database) as client:
        assert client.post("/unsubscribe", data={"address": typed}).status_code == 200
    assert verdict(database, ann, noon) is Reason.OPTED_OUT


def test_g19_who_is_new_after_the_rotation_leaves_by_the_new_key(settings, database, noon, ann):
    with database.writing() as session:
        bob = add_permitted(session, Pepper(FRESH), "bob@example.org", "offers", at=noon)
    with browser(settings.model_copy(update={"pepper": BOTH}), database) as client:
        assert client.post("/unsubscribe", data={"address": "bob@example.org"}).status_code == 200
    assert verdict(database, bob, noon) is Reason.OPTED_OUT
    assert bob == Pepper(FRESH).keys(read_address("bob@example.org"))
