"""Variables that a template asks for and nobody gives, found without rendering it, with the name that was meant."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import nodes

# what other programs call the same thing
_ALIASES = {
    "first_name": "given_name", "firstname": "given_name", "forename": "given_name", "last_name": "family_name",
    "lastname": "family_name", "surname": "family_name", "email": "address", "full_name": "name", "language": "locale",
    "timezone": "time_zone",
}  # fmt: skip
_LINKS = {"unsubscribe": "unsubscribe_url", "unsubscribe_link": "unsubscribe_url", "preferences": "preferences_url"}
_STANDARD = ("address", "given_name", "family_name", "name", "locale", "time_zone", "source", "attributes")
_STANDARD_PATHS = tuple(f"contact.{name}" for name in _STANDARD)
_GIVEN = ("contact", "campaign", "content", "sender", "unsubscribe_url", "preferences_url", "privacy_url")
_ALSO_GIVEN = ("personal_url", "advertisement", "language", "range", "_", "gettext", "ngettext", "loop")
_FORGIVING_TESTS = frozenset(("defined", "undefined"))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a part of a template (`subject`, `html`, `text`) and in which of its lines."""

    part: str
    line: int
    message: str


def said(path: str, siblings: Iterable[str]) -> str:
    """Say that a variable is not there while a mail is rendered."""
    if path in _STANDARD_PATHS:
        return empty(path)
    return does_not_exist(path, siblings)


def empty(path: str) -> str:
    """Say that this one contact lacks something that others have."""
    return f"this contact has no “{path}”, and the template gives no default for it."


def unknown_in(tree: nodes.Template, part: str, known: Mapping[str, Iterable[str] | None]) -> list[Problem]:
    """List the unknown variables of a part, those of untaken branches too, in the order of their lines."""
    own = {found.name for found in tree.find_all(nodes.Name) if found.ctx in {"store", "param"}}
    found = [(line, path, options) for line, path, options in _unknown(tree, known, own)]
    problems = {Problem(part, line, f"Line {line}: {does_not_exist(path, options)}") for line, path, options in found}
    return sorted(problems, key=lambda problem: (problem.line, problem.message))


def does_not_exist(path: str, options: Iterable[str]) -> str:
    """Say that nobody gives this variable, and which one was probably meant."""
    meant = _meant(path, options)
    question = f" Did you mean “{meant}”?" if meant else ""
    return f"the variable “{path}” does not exist.{question}"


def _unknown(
    tree: nodes.Template, known: Mapping[str, Iterable[str] | None], own: set[str]
) -> Iterator[tuple[int, str, list[str]]]:
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in known and name.name not in own and name.name not in _ALSO_GIVEN:
            yield name.lineno, name.name, list(known)
    forgiven = set(_forgiven(tree))
    for group, attribute, node in _members(tree):
        fields = known.get(group) if group not in own else None
        if fields is None or node in forgiven:
            continue
        names = list(fields)
        if attribute not in names:
            yield node.lineno, f"{group}.{attribute}", [f"{group}.{name}" for name in names]


def _members(tree: nodes.Template) -> Iterator[tuple[str, str, nodes.Node]]:
    for dotted in tree.find_all(nodes.Getattr):
        if isinstance(dotted.node, nodes.Name):
            yield dotted.node.name, dotted.attr, dotted
    for indexed in tree.find_all(nodes.Getitem):
        if isinstance(indexed.node, nodes.Name) and isinstance(indexed.arg, nodes.Const):
            yield indexed.node.name, str(indexed.arg.value), indexed


def _forgiven(tree: nodes.Template) -> Iterator[nodes.Node]:
    """What may be missing: the values of `default`, and what is asked whether it is defined."""
    for applied in tree.find_all(nodes.Filter):
        if applied.name in {"default", "d"} and applied.node is not None:
            yield applied.node
    for test in tree.find_all(nodes.Test):
        if test.name in _FORGIVING_TESTS:
            yield test.node


def _meant(path: str, siblings: Iterable[str]) -> str | None:
    """The name that is spelt most like it, or that other programs use for the same thing."""
    group, _, name = path.rpartition(".")
    options = {sibling.rpartition(".")[2]: sibling for sibling in siblings}
    if not group:
        options |= {given: given for given in _GIVEN} | _LINKS
    if group in {"", "contact"}:
        options |= {alias: f"contact.{field}" for alias, field in _ALIASES.items()}
        options |= {field: f"contact.{field}" for field in _STANDARD}
    close: list[str] = get_close_matches(name.lower(), sorted(options), n=1, cutoff=0.7)
    return options[close[0]] if close else None
