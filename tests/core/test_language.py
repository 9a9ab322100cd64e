"""Languages: a page says which it is in, and never one that it is not."""

from datetime import datetime

from starlette.testclient import TestClient

from contacts.domain.addresses import Pepper
from contacts.domain.leaving_tokens import unsubscribe_token
from core.database import Database
from core.language import gettext, known_locale, spoken
from core.settings import Settings
from core.tokens import Keyring
from tests.contacts.people import add_permitted
from tests.web import browser


def test_a_language_without_a_catalogue_is_not_claimed():
    assert [spoken(each) for each in ("en", "en-GB", "tlh", "")] == ["en", "en-GB", "en", "en"]
    assert gettext("Done", "tlh") == "Done"
    assert gettext("") == ""


def test_a_language_with_a_catalogue_is_claimed():
    assert [spoken(each) for each in ("de", "de-AT", "ar", "pt_BR")] == ["de", "de-AT", "ar", "pt_BR"]
    assert gettext("Day", "de") == "Tag"


def test_the_console_is_in_english_whatever_language_the_house_speaks(settings: Settings, database: Database):
    with browser(settings.model_copy(update={"language": "de"}), database) as client:
        console = client.get("/console", follow_redirects=True).text
        unsubscribing = client.get("/unsubscribe").text
        astray = client.get("/u/cut-off").text
    assert '<html lang="en"' in console
    assert '<html lang="de"' in unsubscribing
    assert gettext("Your email address", "de") in unsubscribing
    assert gettext("This link is not complete.", "de") in astray


def test_dates_and_numbers_follow_a_known_locale_and_else_english():
    assert [str(known_locale(each)) for each in ("de", "pt-BR", "nonsense!", None)] == ["de", "pt_BR", "en", "en"]


def test_a_japanese_reader_of_an_english_page_is_told_english(
    client: TestClient, database: Database, pepper: Pepper, keyring: Keyring, noon: datetime
):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "aki@example.org", "offers", at=noon, locale="ja")
    assert '<html lang="en"' in client.get("/u/" + unsubscribe_token(keyring, keys.own, 0, 0)).text


def test_a_german_reader_leaves_in_german(
    client: TestClient, database: Database, pepper: Pepper, keyring: Keyring, noon: datetime
):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "eva@example.org", "offers", at=noon, locale="de-CH")
    link = "/u/" + unsubscribe_token(keyring, keys.own, 0, 0)
    everything = gettext("all mail from us", "de")
    assert everything in client.get(link).text
    assert everything in client.post(link).text
