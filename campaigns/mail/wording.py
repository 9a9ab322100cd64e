"""The filters a team's template may use: defaults, dates and numbers in the reader's language, Markdown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import nh3
from babel import Locale, dates, numbers
from jinja2 import Environment, Undefined, pass_context, pass_environment
from jinja2.filters import FILTERS, do_wordwrap
from jinja2.runtime import Context
from jinja2.utils import _PassArg
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from campaigns.mail.budgets import BUDGET, LARGEST_PART, Budget, text_of
from campaigns.mail.plaintext import text_from_html
from core.errors import BadInput
from core.language import gettext, known_locale, translations

Filter = Callable[..., Any]
_LONGEST_MARKDOWN = 100_000
_LONGEST_NUMBER = 100
_NARROWEST = 10
_STYLES = frozenset(("short", "medium", "long", "full"))
# those of Jinja2 that neither format, nor repeat, nor mark as safe
_OF_TEXT = (
    "capitalize", "e", "escape", "lower", "string", "striptags", "title", "trim", "truncate", "upper", "urlencode",
    "wordcount",
)  # fmt: skip
_OF_ANYTHING = (
    "abs", "count", "first", "float", "int", "items", "last", "length", "list", "max", "min", "reverse", "round",
    "sort", "unique",
)  # fmt: skip


def default(value: Any, instead: Any = "", _also_empty: object = None) -> Any:
    """Give something else for what is missing, empty or blank."""
    missing = isinstance(value, Undefined) or value is None or value in ("", [], {})
    return instead if missing or (isinstance(value, str) and not value.strip()) else value


def replace(value: Any, old: Any, new: Any) -> str:
    """Replace one text by another, escaping what is not markup yet.

    Raises:
        BadInput: the result would be too long.
    """
    text, before, after = text_of(value), text_of(old), text_of(new)
    if isinstance(after, Markup) and not isinstance(text, Markup):
        text = escape(text)
    if len(text) + text.count(before) * len(after) > LARGEST_PART:
        raise BadInput("“replace” would make a text that is too long.")
    return text.replace(before, after)


def join(value: Iterable[Any], between: str = "") -> str:
    """Write the members one after another, escaping what is not markup where one of them is.

    Raises:
        BadInput: the result would be too long.
    """
    members = [text_of(each) for each in value]
    if sum(map(len, members)) + len(between) * len(members) > LARGEST_PART:
        raise BadInput("A text of this template grows too long.")
    if isinstance(between, Markup) or any(isinstance(each, Markup) for each in members):
        return escape(between).join(members)
    return between.join(members)


def concat(value: Sequence[Any]) -> str:
    """Write the members of `a ~ b` one after another."""
    return join(value)


def cut(value: Any, start: Any, stop: Any, step: Any) -> Any:
    """Give a part of a text or a list: `x[:10]`.

    Raises:
        BadInput: it is neither.
    """
    if not isinstance(value, (str, list, tuple)):
        raise BadInput("Only a text or a list can be cut.")
    return value[start:stop:step]


@pass_environment
def wordwrap(
    environment: Environment,
    value: str,
    width: int = 79,
    *,
    break_long_words: bool = False,
    break_on_hyphens: bool = False,
) -> str:
    """Break a text into lines; long words, such as addresses, stay whole unless asked for."""
    return do_wordwrap(environment, value, max(int(width), 10), break_long_words, None, break_on_hyphens)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html_of_markdown(value: Any) -> Markup:
    """Turn Markdown into HTML without any the author wrote by hand; only http, https, mailto and tel links.

    Raises:
        BadInput: it is too long.
    """
    source = text_of(value)
    if len(source) > _LONGEST_MARKDOWN:
        raise BadInput(f"A text in Markdown has more than {_LONGEST_MARKDOWN:,} characters.")
    return _html_of(source)


@lru_cache(maxsize=256)
def _html_of(source: str) -> Markup:
    """Do the work once for the thousands of mails that say the same."""
    html = _markdown().render(source)
    return Markup(nh3.clean(html, url_schemes={"http", "https", "mailto", "tel"}, link_rel=None))  # noqa: S704 - just cleaned


def text_of_markdown(value: Any) -> str:
    """Turn Markdown into the plain text that its HTML says."""
    return _text_of(html_of_markdown(value))


@lru_cache(maxsize=256)
def _text_of(html: Markup) -> str:
    return text_from_html(html).rstrip("\n")


def _locale(context: Context) -> Locale:
    contact = context.get("contact") or {}
    own = None if isinstance(contact, Undefined) else contact.get("locale")
    return known_locale(own if isinstance(own, str) and own else str(context.get("language") or "en"))


def _day(value: Any, style: str) -> date:
    if style not in _STYLES:
        raise BadInput(f"“{style}” is no style of a date: short, medium, long or full.")
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise BadInput(f"“{value}” is no date such as 2026-11-22.") from None


def _number(value: Any) -> Any:
    try:
        return (
            value
            if isinstance(value, (int, float))
            else numbers.parse_decimal(text_of(value)[:_LONGEST_NUMBER], locale="en")
        )
    except numbers.NumberFormatError:
        raise BadInput(f"“{value}” is no number.") from None


def _date(context: Context, value: Any, style: Any = "long") -> str:
    return dates.format_date(_day(value, style), style, _locale(context))


def _datetime(context: Context, value: Any, style: Any = "long") -> str:
    day = _day(value, style)
    moment = day if isinstance(day, datetime) else datetime.combine(day, time())
    return dates.format_datetime(moment, style, locale=_locale(context))


def _decimal(context: Context, value: Any) -> str:
    return numbers.format_decimal(_number(value), locale=_locale(context))


def _percent(context: Context, value: Any) -> str:
    return numbers.format_percent(_number(value), locale=_locale(context))


def _currency(context: Context, value: Any, code: str = "EUR") -> str:
    return numbers.format_currency(_number(value), code, locale=_locale(context))


def _say(context: Context, text: str) -> str:
    return gettext(text, str(context.get("language") or "en"))


def _say_many(context: Context, one: str, many: str, count: int) -> str:
    return translations(str(context.get("language") or "en")).ngettext(one, many, count)


say = pass_context(_say)
say_many = pass_context(_say_many)


def charged(act: Filter, *, of_text: bool = False, with_context: bool = False) -> Filter:
    """Count the work of a filter against the budget of the render that it is part of.

    `of_text`: it takes one text, never a list; `with_context`: it wants Jinja's context first.
    """
    passes = getattr(act, "jinja_pass_arg", None)

    @pass_context
    def measured(context: Context, value: Any = "", *rest: Any, **options: Any) -> Any:
        budget: Budget = context[BUDGET]
        for each in (value, *rest, *options.values()):
            budget.labour(each)
        given = text_of(value) if of_text else value
        first: dict[Any, tuple[Any, ...]] = {
            _PassArg.context: (context,),
            _PassArg.eval_context: (context.eval_ctx,),
            _PassArg.environment: (context.environment,),
        }
        leading = (context,) if with_context else first.get(passes, ())
        result = act(*leading, given, *rest, **options)
        made = list(result) if isinstance(result, Iterator) else result
        budget.labour(made)
        return made

    return measured


def filters(*, html: bool) -> dict[str, Filter]:
    """Gather the filters of an HTML part, or those of a subject and a text part."""
    ours: dict[str, Filter] = {"d": default, "default": default, "join": join, "concat": concat, "cut": cut}
    ours |= {"replace": replace, "wordwrap": wordwrap, "markdown": html_of_markdown if html else text_of_markdown}
    localised = {"date": _date, "datetime": _datetime, "number": _decimal, "percent": _percent, "currency": _currency}
    every = {name: charged(FILTERS[name], of_text=True) for name in _OF_TEXT}
    every |= {name: charged(FILTERS[name]) for name in _OF_ANYTHING}
    every |= {name: charged(act, of_text=name == "wordwrap") for name, act in ours.items()}
    return every | {name: charged(act, with_context=True) for name, act in localised.items()}
