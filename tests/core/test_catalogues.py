"""Catalogues: every sentence that recipients read is there in each language, with what has to stand in it."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bench.catalogues import FOLDER, sentences, translations_in
from campaigns.domain.checks import ADVERTISING_WORDS
from core.language import gettext, languages, translations

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%|<[^>]+>|&\w+;|https?://\S+")
FILES = sorted(FOLDER.glob("*.po"))


@pytest.fixture(scope="module")
def said() -> Catalog:
    return sentences()


def read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=file.stem, abort_invalid=True)


def originals(message: Message) -> list[str]:
    return list(message.id) if message.pluralizable else [str(message.id)]


def places(text: str) -> list[str]:
    return sorted(PLACES.findall(text))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_catalogue_holds_every_sentence_of_now_and_no_other(file: Path, said: Catalog):
    kept = read(file)
    remedy = "run bench/catalogues.py, and translate what is empty"
    assert {each.id for each in kept if each.id} == {each.id for each in said if each.id}, remedy
    assert [each.id for each in kept if each.id and not all(translations_in(each))] == [], remedy
    assert [each.id for each in kept if each.id and each.fuzzy] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_translation_has_the_places_and_the_shape_of_its_sentence(file: Path):
    wrong = []
    for each in read(file):
        if not each.id:
            continue
        wanted = [places(original) for original in originals(each)]
        for text in translations_in(each):
            first, last = originals(each)[-1][0], originals(each)[-1][-1]
            shaped = (text[0].isspace(), text[-1].isspace()) == (first.isspace(), last.isspace())
            if not shaped or (each.pluralizable is False and places(text) != wanted[0]):
                wrong.append((each.id, text))
            if each.pluralizable and not set(places(text)) <= set(wanted[-1]):
                wrong.append((each.id, text))
    assert wrong == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_plural_of_a_language_is_there_and_is_counted(file: Path):
    kept = read(file)
    counted = [each for each in kept if each.id and each.pluralizable]
    assert counted
    for each in counted:
        assert len(translations_in(each)) == kept.num_plurals, each.id
    spoken = translations(file.stem)
    for number in (0, 1, 2, 3, 5, 11, 21, 100):
        assert spoken.ngettext("Takes about %(count)s minutes.", "Takes about %(count)s minutes.", number)


def test_a_language_is_found_by_its_tag_or_by_its_first_part():
    assert set(languages()) == {file.stem for file in FILES}
    assert translations("de-AT").gettext("Day") == translations("de").gettext("Day") != "Day"
    assert translations("tlh").gettext("Day") == "Day"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_g20_what_says_that_a_mail_is_advertising_is_known_for_it_in_each_language(file: Path):
    said_so = gettext("This is an advertisement from {sender}.", file.stem).casefold()
    assert any(word in said_so for word in ADVERTISING_WORDS)
