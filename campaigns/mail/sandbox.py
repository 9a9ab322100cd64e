"""A team's own template, rendered where it can reach nothing but what it was given, for every mail of a campaign."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any, cast

from jinja2 import Template, TemplateSyntaxError, Undefined, UndefinedError, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.ext import InternationalizationExtension
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from campaigns.mail import unknowns
from campaigns.mail.budgets import BUDGET, LARGEST_PART, MOST_STEPS, Budget, calculated, text_of
from campaigns.mail.fields import Empty, Fields, Missing, fields_of
from campaigns.mail.grammar import restrict
from campaigns.mail.plaintext import text_from_html
from campaigns.mail.wording import filters, say, say_many
from core.errors import BadInput

_TEXT_METHODS = frozenset(("endswith", "splitlines", "startswith", "strip"))
_DATE_PARTS = frozenset(("day", "hour", "minute", "month", "year"))
_CONTROLS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TESTS = ("defined", "undefined", "none", "string", "number", "mapping", "sequence", "iterable", "true", "false", "odd")
_MORE_TESTS = (
    "even",
    "divisibleby",
    "in",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "equalto",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
)
_LOOP_PARTS = frozenset(("index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem"))
_LOOP_ACTS = frozenset(("cycle", "changed"))
_OF_LOOPS = _LOOP_PARTS | _LOOP_ACTS
_LONGEST_CUT = 100_000  # a longer text or list is not cut up
_GROUPS = frozenset((Fields, dict))
_TOO_DEEP = "This template is nested too deeply."


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja2 with nothing in reach: no attributes but of loops and dates, no calls but a handful."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, *, html: bool) -> None:
        super().__init__(
            autoescape=html,
            undefined=Missing,
            keep_trailing_newline=True,
            finalize=_written,
            extensions=[InternationalizationExtension],
        )
        self.globals = {"range": _range, "_": say}
        self.install_gettext_callables(say, say_many, newstyle=True)  # type: ignore[attr-defined]  # of the extension
        self._acts = (_range, say, self.globals["gettext"], self.globals["ngettext"])
        self.filters = filters(html=html) | {"counted": _counted}
        self.tests = {name: self.tests[name] for name in (*_TESTS, *_MORE_TESTS)}
        self.policies["ext.i18n.trimmed"] = True

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) in _GROUPS or (type(obj) is not LoopContext and isinstance(obj, Mapping)):
            return self._member(obj, attribute)
        if isinstance(obj, Undefined):
            return obj._fail_with_undefined_error()  # noqa: SLF001 - as `{{ x.y }}` does in Jinja2
        allowed = type(obj) is LoopContext and attribute in _OF_LOOPS
        allowed |= isinstance(obj, str) and attribute in _TEXT_METHODS and len(obj) <= _LONGEST_CUT
        allowed |= isinstance(obj, date) and attribute in _DATE_PARTS
        if not allowed:
            raise BadInput(f"“{attribute}” cannot be asked of this value.")
        return getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping):
            return self._member(obj, argument)
        if isinstance(obj, Undefined):
            return obj._fail_with_undefined_error()  # noqa: SLF001 - as `{{ x["y"] }}` does in Jinja2
        if not isinstance(obj, (str, list, tuple)) or not isinstance(argument, int):
            raise BadInput(f"“{argument}” cannot be asked of this value.")
        try:
            return obj[argument]
        except IndexError:
            return self.undefined(f"there is no number {argument} in this list")

    def is_safe_callable(self, obj: Any) -> bool:
        if obj in self._acts:
            return True
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        return (isinstance(owner, str) and name in _TEXT_METHODS) or (
            isinstance(owner, LoopContext) and name in _LOOP_ACTS
        )

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        for value in (left, right):
            if isinstance(value, Undefined):
                value._fail_with_undefined_error()  # noqa: SLF001 - as Jinja2 does
        result = calculated(operator, left, right)
        context[BUDGET].labour(result)
        return result

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        restrict(tree)
        return tree

    def _member(self, group: Mapping[Any, Any], name: Any) -> Any:
        value = group.get(name)
        if value and type(value) is str:
            return value
        path = f"{group.path}.{name}" if isinstance(group, Fields) else str(name)
        if isinstance(value, dict) and not isinstance(value, Fields):
            return Fields(path, value)
        if value is None or (value == "" and path.startswith("contact.")):
            if name in group:
                return Empty(unknowns.empty(path))
            # said only if it is asked for: finding what was meant takes longer than a whole render
            return self.undefined(cast(Any, partial(_said, group, path)))
        return value


def _said(group: Mapping[Any, Any], path: str) -> str:
    return unknowns.said(path, [f"{group.path}.{other}" for other in group] if isinstance(group, Fields) else [])


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """What one contact gets."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class CompiledMail:
    """A campaign's templates, read once and rendered for each contact."""

    subject: Template
    html: Template
    text: Template | None

    def render(self, context: Mapping[str, Any]) -> RenderedMail:
        """Write the mail for one contact; the text is retold from the HTML where there is no template for it.

        Raises:
            BadInput: a variable is missing for this contact, or the template asks for too much; names the line.
        """
        variables = fields_of(context)
        subject = self.title(variables)
        html = self.page(variables)
        text = _rendered(self.text, variables, "text") if self.text else text_from_html(html)
        return RenderedMail(subject, html, text)

    def title(self, variables: Mapping[str, Any]) -> str:
        """Write the subject for one contact, on one line.

        Raises:
            BadInput: as `render`.
        """
        return on_one_line(_rendered(self.subject, variables, "subject"))

    def page(self, variables: Mapping[str, Any]) -> str:
        """Write the HTML for one contact.

        Raises:
            BadInput: as `render`.
        """
        return _rendered(self.html, variables, "html")


def on_one_line(subject: str) -> str:
    """Make a subject one line without controls."""
    return _CONTROLS.sub(" ", subject).strip()


def compile_mail(subject: str, html: str, text: str | None) -> CompiledMail:
    """Read the templates of a mail.

    Raises:
        BadInput: one is no valid template; names the part (`field`) and the line.
    """
    return CompiledMail(
        _compiled(subject, "subject"), _compiled(html, "html"), _compiled(text, "text") if text else None
    )


def check(
    subject: str, html: str, text: str | None, known: Mapping[str, Iterable[str] | None]
) -> list[unknowns.Problem]:
    """List what is wrong with the templates without rendering them: every branch is looked at.

    `known` names the variables; for a group its fields, or None where any field may exist. What does not compile
    is one problem.
    """
    problems: list[unknowns.Problem] = []
    for part, source in (("subject", subject), ("html", html), ("text", text or "")):
        try:
            _compiled(source, part)
            tree = environment(html=part == "html").parse(source)
        except BadInput as error:
            problems.append(unknowns.Problem(part, error.line or 1, error.message))
        else:
            problems += unknowns.unknown_in(tree, part, known)
    return problems


@lru_cache(maxsize=2)
def environment(*, html: bool) -> _Environment:
    """Give the sandbox of HTML parts, or the one of subjects and texts."""
    return _Environment(html=html)


@lru_cache(maxsize=32)
def _compiled(source: str, part: str) -> Template:
    """A template, kept for the next check, preview or sender of the same campaign; rendering leaves it as it is."""
    if len(source) > LARGEST_PART:
        raise BadInput(f"The template has more than {LARGEST_PART:,} characters.", field=part)
    try:
        return environment(html=part == "html").from_string(source)
    except TemplateSyntaxError as error:
        message = f"Line {error.lineno}: {error.message}"
        raise BadInput(message, field=part, line=error.lineno) from None
    except (RecursionError, SyntaxError, MemoryError):
        raise BadInput(_TOO_DEEP, field=part) from None


def _rendered(template: Template, variables: Mapping[str, Any], part: str) -> str:
    try:
        return template.render({**variables, BUDGET: Budget()})
    except (SecurityError, UndefinedError, BadInput) as error:
        line = _line_of(error)
        message = str(error.message)
        raise BadInput(f"Line {line}: {message[:1].lower()}{message[1:]}", field=part, line=line) from None
    except RecursionError:
        raise BadInput(_TOO_DEEP, field=part) from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        line = _line_of(error)
        raise BadInput(f"Line {line}: this cannot be calculated ({error}).", field=part, line=line) from None


def _line_of(error: BaseException) -> int:
    """The line of the template that was at work: Jinja2 puts frames of the template into the traceback."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if "__jinja_exception__" in trace.tb_frame.f_globals:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


@pass_context
def _written(context: Context, value: Any) -> Any:
    """Count each value that is written."""
    if isinstance(value, Undefined):
        return value
    shown = text_of(value)
    context[BUDGET].write(len(shown))
    return shown


@pass_context
def _counted(context: Context, value: Any, written_each: int) -> Any:
    """Count the turns of a loop before it begins."""
    if isinstance(value, Undefined):
        return iter(value)
    members = value if isinstance(value, (list, tuple, str, range)) else list(value)
    context[BUDGET].turn(len(members), written_each)
    return members


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MOST_STEPS:
        raise BadInput(f"A range of more than {MOST_STEPS:,} numbers.")
    return numbers
