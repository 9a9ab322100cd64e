"""Words in the reader's language: gettext catalogues of locale/, and Babel for dates and numbers."""

import gettext as catalogues
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

FOLDER = Path(__file__).resolve().parent.parent / "locale"


@lru_cache(maxsize=64)
def translations(language: str) -> catalogues.NullTranslations:
    """The catalogue of a language such as "de" or "pt_BR"; English where there is none."""
    return catalogues.translation("heedful", FOLDER, [language.replace("-", "_")], fallback=True)


def spoken(language: str, otherwise: str = "en") -> str:
    """The language itself where there is a catalogue for it, else `otherwise`: no page claims what it is not in."""
    known = type(translations(language)) is not catalogues.NullTranslations
    return language if known or language.partition("-")[0].partition("_")[0] == "en" else otherwise


def gettext(text: str, language: str = "en") -> str:
    """A sentence in that language."""
    return translations(language).gettext(text) if text else ""


@lru_cache(maxsize=256)
def known_locale(language: str | None, otherwise: str = "en") -> Locale:
    """The locale of a tag such as "de", "pt-BR" or "zh_Hant"; `otherwise` where it is unknown."""
    try:
        return Locale.parse((language or otherwise).replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(otherwise)
