"""`heedful person export | erase | correct | hold | disclose`: what the law lets a person, or a court, ask for."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

import campaigns.storage.letters_kept
import surveys.storage.answers_kept
from commands.terminal import Terminal, json_option, report, terminal
from commands.written_files import PRIVATE, STANDARD_OUTPUT, output_option, whole_file
from contacts.domain.addresses import AddressKeys, read_address, read_address_to_keep
from contacts.domain.facts import Door
from contacts.domain.scopes import EVERYTHING
from contacts.services.correct_person import Correction, correct_person
from contacts.services.erase_person import Erased, erase_person
from contacts.services.export_person import export_person
from contacts.services.finish_erasures import finish_erasures
from contacts.services.hand_out_disclosure import hand_out_disclosure
from contacts.services.place_hold import place_hold
from contacts.storage.peppers import keys_of
from contacts.storage.permits import wait_for_handovers
from core.clock import now
from core.errors import BadInput, Conflict

OPERATOR = "terminal"
KEEPERS = (campaigns.storage.letters_kept.LETTERS, surveys.storage.answers_kept.ANSWERS)
"""Named here so that they are there: without them nobody is told or erased."""

case_option = click.option("--case", "case_id", type=int, help="The number of the request that this answers.")


@click.group()
def person() -> None:
    """Tell, erase or correct what is held of one person, by their exact address.

    Example: heedful person export ann@example.org --output ann.json
    """


@person.command()
@click.argument("address")
@output_option
@case_option
def export(address: str, output: Path, case_id: int | None) -> None:
    """Write everything that is held of a person as JSON; a receipt of it stays.

    Example: heedful person export ann@example.org --output ann.json
    """
    with _written(output) as write, terminal() as opened, opened.database.writing() as session:
        keys = _keys(session, opened, address)
        write(export_person(session, keys, at=now(), operator=OPERATOR, case_id=case_id))


@person.command()
@click.argument("address")
@click.option("--evidence", required=True, help="How the person asked, without their address; kept with the record.")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@case_option
@json_option
def erase(address: str, evidence: str, *, yes: bool, case_id: int | None, as_json: bool) -> None:
    """Erase a person everywhere, for good; what stays is the keyed block that stops them from being collected again.

    Where a legal hold stands in the way, the person is blocked at once and the data goes when the hold is lifted.

    Example: heedful person erase ann@example.org --evidence "letter of 3 March"
    """
    with terminal() as opened:
        read_address(address)
        if not yes:
            click.confirm("This cannot be undone. Erase everything that is held of this person?", abort=True, err=True)
        with opened.database.writing() as session:
            keys = _keys(session, opened, address)
            done = erase_person(
                session, keys, Door.TERMINAL, at=now(), operator=OPERATOR, evidence=evidence, case_id=case_id
            )
        _finish(opened, done, as_json=as_json)


def _finish(opened: Terminal, done: Erased, *, as_json: bool) -> None:
    """Wait for what is being handed over (G1), delete the files, and say what was done."""
    settings = opened.settings
    settled = wait_for_handovers(opened.database, done.own, EVERYTHING, seconds=settings.confirm_seconds)
    if done.hold:
        raise Conflict(
            f"Blocked at once, and not erased yet: a legal hold keeps the data ({done.hold}).",
            remedy="It is erased by itself when two operators have lifted the hold in the console.",
        )
    finished = finish_erasures(
        opened.database, settings.data_dir, opened.ring, at=now(), child_days=settings.child_data_days
    )
    said = "erased" if settled else "erased; one message that was already being handed over may still arrive"
    report({**done.counts, **finished.counts, "said": said}, as_json=as_json)


@person.command()
@click.argument("address")
@click.option("--given-name", help="The right given name; empty takes it away.")
@click.option("--family-name", help="The right family name.")
@click.option("--language", "locale", help="The right language: de, pt-BR.")
@click.option("--time-zone", help="The right time zone: Europe/Berlin.")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="One attribute; may be repeated.")
@click.option("--new-address", help="Takes every stop along and no permission: it must say yes itself.")
@case_option
@json_option
def correct(
    address: str,
    *,
    attributes: tuple[str, ...],
    new_address: str | None,
    case_id: int | None,
    as_json: bool,
    **fields: str | None,
) -> None:
    """Put right what is held of a person; a receipt of it stays.

    Example: heedful person correct ann@example.org --family-name Curie --new-address ann.curie@example.org
    """
    pairs = dict(_pair(each) for each in attributes)
    named = {name: value for name, value in fields.items() if value is not None}
    if not (named or pairs or new_address):
        raise BadInput("Say what is to be put right.", remedy="See heedful person correct --help.")
    with terminal() as opened:
        with opened.database.writing() as session:
            moved = read_address_to_keep(new_address) if new_address else None
            new_keys = keys_of(session, opened.ring, moved) if moved else None
            wanted = Correction(named, pairs, moved, new_keys)
            keys = _keys(session, opened, address)
            done = correct_person(session, keys, wanted, at=now(), operator=OPERATOR, case_id=case_id)
        seconds = opened.settings.confirm_seconds
        if "address" in done.changed:
            wait_for_handovers(opened.database, [done.own], EVERYTHING, seconds=seconds)
    report({"corrected": ", ".join(done.changed) or "nothing: it stands there like this already"}, as_json=as_json)


def _pair(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals or not name:
        raise BadInput("An attribute is written NAME=VALUE.", field="--attribute")
    return name.strip(), value


@person.command()
@click.argument("address")
@click.option("--basis", required=True, help="The reason in law: a court's file number, a claim.")
@json_option
def hold(address: str, basis: str, *, as_json: bool) -> None:
    """Keep a person's data for a reason in law; only two operators lift it, in the console.

    Example: heedful person hold ann@example.org --basis "claim 2 O 41/26"
    """
    with terminal() as opened, opened.database.writing() as session:
        number = place_hold(session, _keys(session, opened, address), basis, operator=OPERATOR, at=now()).id
    report({"legal hold": number}, as_json=as_json)


@person.command()
@click.argument("number", type=int)
@click.argument("address")
@output_option
def disclose(number: int, address: str, output: Path) -> None:
    """Write the data whose disclosure one operator proposed in the console and another approved there.

    Example: heedful person disclose 7 ann@example.org --output court.json
    """
    with _written(output) as write, terminal() as opened, opened.database.writing() as session:
        keys = _keys(session, opened, address)
        write(hand_out_disclosure(session, number, at=now(), operator=OPERATOR, keys=keys))


def _keys(session: Session, opened: Terminal, address: str) -> AddressKeys:
    return keys_of(session, opened.ring, read_address(address))


@contextmanager
def _written(output: Path) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Write to the terminal, or into a file that only its owner reads, before the receipt of it is kept."""
    with whole_file(output, mode=PRIVATE) as file:

        def write(found: Mapping[str, Any]) -> None:
            file.write(json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n")
            file.flush()

        yield write
    if output != STANDARD_OUTPUT:
        click.echo(f"  written to {output.name}", err=True)
