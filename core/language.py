"""Words in the reader's language: the catalogues of templates/languages, and Babel for dates and numbers."""

import gettext as catalogues
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "languages"


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    """The languages that there is a catalogue for, such as "de"; English needs none."""
    return frozenset(each.stem for each in FOLDER.glob("*.po"))


@lru_cache(maxsize=64)
def translations(language: str) -> catalogues.NullTranslations:
    """The catalogue of a language such as "de" or "pt-BR", or of its first part; English where there is none."""
    whole = language.replace("-", "_")
    known = next((each for each in (whole, whole.partition("_")[0]) if each in languages()), None)
    return _read(known) if known else catalogues.NullTranslations()


@lru_cache(maxsize=64)
def _read(language: str) -> catalogues.GNUTranslations:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - 40 ms that only who speaks another language waits for
    from babel.messages.pofile import read_po  # noqa: PLC0415 - the same

    compiled = BytesIO()
    with (FOLDER / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)


def spoken(language: str, otherwise: str = "en") -> str:
    """The language itself where there is a catalogue for it, else `otherwise`: no page claims what it is not in."""
    known = type(translations(language)) is not catalogues.NullTranslations
    return language if known or language.partition("-")[0].partition("_")[0] == "en" else otherwise


def gettext(text: str, language: str = "en") -> str:
    """A sentence in that language."""
    return translations(language).gettext(text) if text else ""


def is_language(tag: str) -> bool:
    """Say whether a tag such as "de", "pt-BR" or "zh_Hant" names a language that Babel knows."""
    try:
        Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return False
    return True


def noted(text: str) -> str:
    """Mark a sentence for the catalogues that is said elsewhere, in the language of whoever reads it."""
    return text


@lru_cache(maxsize=256)
def known_locale(language: str | None, otherwise: str = "en") -> Locale:
    """The locale of a tag such as "de", "pt-BR" or "zh_Hant"; `otherwise` where it is unknown."""
    tag = language if language and is_language(language) else otherwise
    return Locale.parse(tag.replace("-", "_"))
