"""No parameter anywhere may permit: every option, form field, API property and import column is looked at by name (G8).

What each of them does to people who left is tried in tests/contacts/test_permitting_attacks.py.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import campaigns.web
import contacts.web
import core.web
import surveys.web
from contacts.domain.headings import KNOWN, Field
from contacts.domain.import_modes import ImportMode
from core.web.places import places_of
from manage import COMMANDS, main

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
REFUSED = frozenset(
    {
        *(
            "force",
            "forced",
            "overwrite",
            "override",
            "bypass",
            "permit",
            "permitted",
            "permission",
            "allow",
            "allowed",
        ),
        *("subscribe", "subscribed", "resubscribe", "resubscribed", "reactivate", "reinstate", "restore", "unblock"),
        *("unsuppress", "optin", "confirmed", "whitelist", "allowlist"),
    }
)
"""Words that would promise a way around; no option, field, property or column is called by one."""
MAY_PERMIT = {
    "/p/{token}": "the person's own preference page: its link came by mail to that address alone",
    "/join/confirm/{token}": "the second step of double opt-in: its link came by mail to the address that asked",
}
"""The two pages where the person's own POST permits (GUARANTEES 3)."""
_NAME = re.compile(r"""\bname=["']([\w.-]+)["']""")
_MACRO = re.compile(r"""\bm\.(?:field|area|select|tick)\(\s*["']([\w.-]+)["']""")


def words(name: str) -> set[str]:
    return {*re.split(r"[^a-z]+", name.lower()), re.sub(r"[^a-z]", "", name.lower())}


def promises(names: Iterator[str]) -> set[str]:
    return {name for name in names if words(name) & REFUSED}


def commands(group: click.Group, path: str = "heedful") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def options(command: click.Command) -> Iterator[str]:
    for each in command.params:
        yield from (each.name or "", *each.opts, *each.secondary_opts)


def test_g8_no_command_and_no_option_promises_a_way_around():
    found = dict(commands(main))
    assert len(found) > len(COMMANDS)
    assert {path: promises(options(command)) for path, command in found.items() if promises(options(command))} == {}
    assert promises(iter(found)) == set()


def form_fields() -> dict[str, set[str]]:
    found = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        if "email" not in path.parts:
            text = path.read_text()
            found[str(path.relative_to(TEMPLATES))] = {*_NAME.findall(text), *_MACRO.findall(text)}
    return found


def test_g8_no_form_has_a_field_that_promises_a_way_around():
    fields = form_fields()
    assert sum(map(len, fields.values())) > 150
    assert {name: promises(iter(each)) for name, each in fields.items() if promises(iter(each))} == {}


def test_g8_no_property_of_the_api_promises_a_way_around(client):
    described = client.get("/api/openapi.json").json()
    asked = {
        name: each for name, each in described["components"]["schemas"].items() if name.endswith(("Given", "Asked"))
    }
    assert len(asked) >= 7
    for name, schema in asked.items():
        assert schema["additionalProperties"] is False, name
        assert promises(iter(schema["properties"])) == set(), name


def test_g8_no_column_of_an_import_and_no_mode_of_it_promises_a_way_around():
    assert promises(iter(field.value for field in Field)) == set()
    assert promises(iter(mode.value for mode in ImportMode)) == set()
    # what other tools call their columns is understood where it stops somebody, and never lifts
    assert {KNOWN[name] for name in KNOWN if words(name) & REFUSED} <= {Field.OPT_OUTS, Field.CONSENTS}


def test_g8_only_the_two_own_pages_are_exempt_and_both_are_there():
    paths = {
        place.path for package in (core.web, contacts.web, campaigns.web, surveys.web) for place in places_of(package)
    }
    assert set(MAY_PERMIT) <= paths
    assert all(len(reason) > 20 for reason in MAY_PERMIT.values())


@pytest.mark.parametrize(
    "name", ["--force", "overwrite", "skip-and-bypass", "opt_in_confirmed", "opt-in", "Resubscribe"]
)
def test_a_name_that_promises_a_way_around_is_found(name):
    assert promises(iter([name])) == {name}


@pytest.mark.parametrize("name", ["unsubscribed", "opt-out", "consents", "signup_confirmations", "enforcement"])
def test_a_name_that_promises_nothing_is_left_alone(name):
    assert promises(iter([name])) == set()
