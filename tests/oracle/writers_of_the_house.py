"""All that writes about people but the people themselves: each attacks whom it is given, to make them mailable."""

import csv
import io
from collections.abc import Callable, Sequence

from starlette.testclient import TestClient

from tests.api import program
from tests.journeys.houses import GIVEN, TOPICS, House

Writer = Callable[[House, Sequence[str]], None]
YES = TOPICS.replace(";", "; ")


def _table(house: House, header: str, rows: Sequence[str], *options: str) -> None:
    (house.folder / "attack.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    house.heedful("import", "attack.csv", *GIVEN, *options)


def import_with_a_yes(house: House, people: Sequence[str]) -> None:
    """The same people once more, with a yes to everything and a no to every stop."""
    rows = [f"{who},{YES},no,no" for who in people]
    _table(house, "email,topics,opted out,child", rows)


def import_that_adds(house: House, people: Sequence[str]) -> None:
    """The mode that adds."""
    _table(house, "email,topics", [f"{who},{YES}" for who in people], "--mode", "add")


def import_that_updates(house: House, people: Sequence[str]) -> None:
    """The mode that changes profiles, with columns named as other programs name a standing."""
    rows = [f"{who},{YES},subscribed,true,yes" for who in people]
    options = ("--mode", "update", "--map", "opt-in=consents.offers")
    _table(house, "email,topics,status,confirmed,opt-in", rows, *options)


def import_with_notice(house: House, people: Sequence[str]) -> None:
    """People who "were told"."""
    _table(house, "email", list(people), "--notice", "--source", "purchase")


def import_in_other_spellings(house: House, people: Sequence[str]) -> None:
    """The same people, spelt otherwise."""
    rows = [f'"{who.split("@")[0].upper()} <{who.upper()}>",{YES}' for who in people]
    _table(house, "email,topics", rows)


def delete_and_import(house: House, people: Sequence[str]) -> None:
    """The contact deleted, and brought in again."""
    for who in people:
        house.forget(who)
    _table(house, "email,topics", [f"{who},{YES}" for who in people])


def export_and_import(house: House, people: Sequence[str]) -> None:
    """A round trip, with the columns of blocks taken out of the file."""
    written = house.heedful("export").lstrip("\ufeff")
    rows = [row for row in csv.DictReader(io.StringIO(written)) if row["email"] in people]
    assert len(rows) == len(people)
    _table(house, "email,topics", [f"{row['email']},{row['consents']}" for row in rows])


def api_upsert(house: House, people: Sequence[str]) -> None:
    """Another program says that they said yes."""
    assert isinstance(house.web, TestClient)
    caller = program(house.web, house.database)
    for who in people:
        said = {"source": "purchase", "source_time": "2026-11-22", "evidence": "an order", "topics": TOPICS.split(";")}
        answer = caller.post("/contacts", {"address": who, "opted_out": [], "child": False} | said)
        assert answer.status_code == 200, answer.text


def merge_with_a_yes(house: House, people: Sequence[str]) -> None:
    """Merged with a contact who permits everything, who is dropped."""
    for number, who in enumerate(people):
        house.bring([f"double{number}@example.com"])
        house.heedful("merge", who, f"double{number}@example.com")


def merge_into_a_yes(house: House, people: Sequence[str]) -> None:
    """Merged the other way round; the kept one is theirs from now on, and is stopped as well."""
    for number, who in enumerate(people):
        house.bring([f"heir{number}@example.com"])
        house.heedful("merge", f"heir{number}@example.com", who)


def bulk_edit(house: House, _people: Sequence[str]) -> None:
    """Everybody changed at once."""
    house.heedful("contacts", "edit", "--everybody", "--set", "status=subscribed", "--language", "en")


def correction(house: House, people: Sequence[str]) -> None:
    """Their profile put right, and an address of theirs changed to another."""
    for who in people:
        new = who.replace("@example.org", "@new.example.org")
        house.heedful("person", "correct", who, "--given-name", "Ann", "--new-address", new)


def sign_up_of_somebody_else(house: House, people: Sequence[str]) -> None:
    """A stranger enters their address at a form; nobody confirms."""
    house.heedful("form", "add", "stranger", "--title", "News", "--wording", "I want news.", "--topic", "updates")
    for who in people:
        fields = {"address": who, "month": "5", "day": "6", "year": "1980", "topic": "updates"}
        assert house.web.post("/join/stranger", data=fields).status_code in {200, 422, 429}


def scanner(house: House, people: Sequence[str]) -> None:
    """A scanner that opens every page that it knows."""
    for path in ("/unsubscribe", "/contact", *(f"/join/{who}" for who in people)):
        house.web.get(path)


def new_policy(house: House, _people: Sequence[str]) -> None:
    """A policy that takes much more."""
    (house.folder / "policy.md").write_text("We write to everybody.", encoding="utf-8")
    house.heedful("policy", "publish", "2099-1", "--preset", "notice", "--text", "policy.md")


WRITERS: dict[str, Writer] = {
    each.__name__.replace("_", "-"): each
    for each in (
        import_with_a_yes, import_that_adds, import_that_updates, import_with_notice, import_in_other_spellings,
        delete_and_import, export_and_import, api_upsert, merge_with_a_yes, merge_into_a_yes, bulk_edit, correction,
        sign_up_of_somebody_else, scanner, new_policy,
    )
}  # fmt: skip
