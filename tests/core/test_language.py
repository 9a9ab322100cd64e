"""Languages: a page says which it is in, and never one that it is not."""

from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from contacts.domain.addresses import Pepper
from contacts.domain.leaving_tokens import unsubscribe_token
from core import language
from core.database import Database
from core.language import gettext, known_locale, spoken
from core.tokens import Keyring
from tests.contacts.people import add_permitted


def test_a_language_without_a_catalogue_is_not_claimed():
    assert [spoken(each) for each in ("en", "en-GB", "tlh", "")] == ["en", "en-GB", "en", "en"]
    assert gettext("Done", "tlh") == "Done"
    assert gettext("") == ""


def test_a_language_with_a_catalogue_is_claimed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    place = tmp_path / "tlh" / "LC_MESSAGES"
    place.mkdir(parents=True)
    catalogue = Catalog()
    catalogue.add("Done", "Qapla'")
    with (place / "heedful.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    language.translations.cache_clear()
    try:
        assert spoken("tlh") == "tlh"
        assert gettext("Done", "tlh") == "Qapla'"
    finally:
        language.translations.cache_clear()


def test_dates_and_numbers_follow_a_known_locale_and_else_english():
    assert [str(known_locale(each)) for each in ("de", "pt-BR", "nonsense!", None)] == ["de", "pt_BR", "en", "en"]


def test_a_japanese_reader_of_an_english_page_is_told_english(
    client: TestClient, database: Database, pepper: Pepper, keyring: Keyring, noon: datetime
):
    with database.writing() as session:
        keys = add_permitted(session, pepper, "aki@example.org", "offers", at=noon, locale="ja")
    assert '<html lang="en"' in client.get("/u/" + unsubscribe_token(keyring, keys.own, 0, 0)).text
