"""Pages from templates: one Jinja environment a language, everything escaped, nothing from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from core.language import known_locale, translations
from core.operators import Operator, Role
from core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
MOST_SENTENCES = 10_000


@dataclass(frozen=True)
class Look:
    """Who looks at a page, and how it is shown to them."""

    operator: Operator | None
    csrf: str
    settings: Settings
    language: str
    time_zone: str
    path: str
    sees_addresses: bool


def render(template: str, look: Look, **context: Any) -> str:
    """The HTML of a page."""
    page = environment(look.language).get_template(template)
    return page.render(
        look=look,
        operator=look.operator,
        settings=look.settings,
        path=look.path,
        lang=look.language.replace("_", "-"),
        text_direction=known_locale(look.language).text_direction,
        role_reaches=lambda role: look.operator is not None and look.operator.may(Role(role)),
        **context,
    )


def fragment(template: str, language: str, **context: Any) -> Markup:
    """A piece of a page that depends on nothing but what is given here."""
    return Markup(environment(language).get_template(template).render(**context))  # noqa: S704 - escaped by the template


@lru_cache(maxsize=32)
def environment(language: str) -> Environment:
    """The environment of one language; undefined names are errors, found by the tests of each page."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # jinja2.ext.i18n
    made.globals["_"] = _saying(language)
    locale = known_locale(language)
    made.filters["said"] = translations(language).gettext
    made.filters["number"] = lambda value, pattern=None: format_decimal(value, pattern, locale=locale)
    made.filters["percent"] = lambda value, pattern="#,##0.0 %": format_percent(value, pattern, locale=locale)
    made.filters["day"] = lambda value: _day(value, language)
    made.filters["moment"] = _moment
    made.filters["address"] = _address
    made.filters["masked"] = masked
    made.globals["csrf_field"] = _csrf_field
    made.globals["static"] = static_url
    return made


def _saying(language: str) -> Callable[..., Markup]:
    """What `_` says in templates: Jinja would translate and escape a sentence without variables anew for every page."""
    catalogue, kept = translations(language), dict[str, Markup]()

    def said(text: str, /, **variables: Any) -> Markup:
        if variables:
            return Markup(catalogue.gettext(text)) % variables  # noqa: S704 - our own words; the variables are escaped
        if text not in kept:
            if len(kept) >= MOST_SENTENCES:
                kept.clear()
            kept[text] = Markup(catalogue.gettext(text)) % variables  # noqa: S704 - our own words
        return kept[text]

    return said


def masked(address: str) -> str:
    """An address that tells its owner which one it is, and nobody else much: a•••@e•••.org."""
    local, at, domain = address.rpartition("@")
    if not at:
        return "•••"
    name, dot, ending = domain.rpartition(".") if "." in domain else (domain, "", "")
    return f"{local[:1]}•••@{name[:1]}•••{dot}{ending}"


@lru_cache(maxsize=64)
def static_url(name: str) -> str:
    """The URL of a file in static/, changing when its bytes do."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


@pass_context
def _csrf_field(context: Context) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(context["look"].csrf)


@pass_context
def _address(context: Context, value: str) -> str:
    """The address, masked unless the operator's role may see it (P1)."""
    return value if context["look"].sees_addresses else masked(value)


@pass_context
def _moment(context: Context, value: datetime | None, form: str = "medium") -> str:
    """A moment in the reader's time zone."""
    if value is None:
        return "–"
    look: Look = context["look"]
    return format_datetime(value, form, tzinfo=ZoneInfo(look.time_zone), locale=known_locale(look.language))


def _day(value: date | None, language: str) -> str:
    return format_date(value, "medium", locale=known_locale(language)) if value else "–"
