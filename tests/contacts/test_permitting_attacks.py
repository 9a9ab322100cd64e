"""Whoever left, is a child, complained, was erased, is held, cannot be reached, or never asked stays so (G8, G13).

Every writer is tried with every value that looks as if it permitted. Only the person's own preference page and the
second step of double opt-in may make somebody mailable; they are not tried here.
"""

import io
from dataclasses import replace

import pytest
from sqlalchemy import delete, select

import campaigns.web
import contacts.web
import surveys.web
from contacts.domain.edits import read_edit
from contacts.domain.facts import Door, Kind
from contacts.domain.import_modes import ImportMode
from contacts.domain.intake import Known, take_in
from contacts.domain.scopes import TOPICS
from contacts.services import upsert_contact
from contacts.services.edit_contacts import EditTerms, edit_contacts
from contacts.services.import_contacts import ImportOptions, import_contacts
from contacts.services.merge_contacts import merge_contacts
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdicts
from contacts.storage.ledger import record
from contacts.storage.segments import save_segment
from core.errors import HeedfulError
from core.web.places import places_of
from tests.api import program
from tests.conftest import NOON
from tests.contacts.people import add_contact, add_permitted, fact
from tests.contacts.services.conftest import GIVEN
from tests.test_no_way_to_permit import MAY_PERMIT, form_fields
from tests.web import csrf, sign_in

SCOPES = (*TOPICS, "tracking")
STOPPED = {
    "left": (Kind.OPT_OUT, "everything"),
    "left-one": (Kind.OPT_OUT, "updates"),
    "complained": (Kind.COMPLAINT, "everything"),
    "child": (Kind.CHILD, "everything"),
    "erased": (Kind.ERASURE, "everything"),
    "held": (Kind.HOLD, "everything"),
    "bounced": (Kind.BOUNCE, "everything"),
}
NAMES = (*STOPPED, "left+relative", "never-asked", "deleted", "mailable")


@pytest.fixture
def people(database, pepper):
    """Everybody said yes to updates once, but for who never asked; what came after is in the name."""
    with database.writing() as session:
        found = {
            name: add_permitted(session, pepper, f"{name}@example.org", "updates", at=NOON)
            for name in NAMES
            if name != "never-asked"
        }
        found["never-asked"] = add_contact(session, pepper, "never-asked@example.org", at=NOON)
        record(session, [fact(found[name], *stop, at=NOON) for name, stop in STOPPED.items()], at=NOON)
        session.execute(delete(Contact).where(Contact.address_key == found["deleted"].own))
        save_segment(session, "all", {}, at=NOON)
    return found


@pytest.fixture
def mailable(database, people):
    owns = [keys.own for keys in people.values()]
    named = {keys.own: name for name, keys in people.items()}

    def now():
        with database.reading() as session:
            said = {scope: verdicts(session, scope, owns, at=NOON) for scope in SCOPES}
        return {(named[own], scope) for scope, each in said.items() for own, reason in each.items() if reason is None}

    assert now() == {("mailable", "updates")}
    return now


HEADINGS = "email,topics,opted_out,child,status,confirmed,force,overwrite,subscribed,opt-in,consents,heedful blocks"
CELLS = "{who}@example.org,updates; research; tracking,no,no,subscribed,true,yes,yes,yes,,updates,"


@pytest.mark.parametrize("notice", [False, True])
@pytest.mark.parametrize("mode", ImportMode)
def test_g8_no_import_in_any_mode_permits(database, ring, tmp_path, people, mailable, mode, notice):
    table = "\n".join([HEADINGS, *(CELLS.format(who=who) for who in people)]) + "\n"
    said = replace(GIVEN, consents=tuple(SCOPES))
    options = ImportOptions(defaults=said, mode=mode, notice=notice, rejects_folder=tmp_path)
    found = import_contacts(database, io.BytesIO(table.encode()), options, ring=ring, at=NOON)
    assert "rejected" not in found.counts
    assert mailable() <= {("mailable", "updates")}


API_SAYS = [
    {"topics": list(SCOPES)},
    {"topics": list(SCOPES), "opted_out": [], "child": False, "birth_date": "1970-01-01"},
    *({"topics": list(SCOPES), "mode": mode} for mode in ("add", "fill", "update")),
    {"attributes": {"status": "subscribed", "opted_out": False, "child": False, "consents": "updates"}},
    *({name: True} for name in ("force", "overwrite", "confirmed", "subscribed", "permit", "lift")),
    {"blocks": [], "status": "subscribed"},
    {"door": "double_opt_in", "kind": "release", "confirmed": True},
]


@pytest.mark.parametrize("more", API_SAYS, ids=str)
def test_g8_no_call_of_the_api_permits(client, database, people, mailable, more):
    caller = program(client, database)
    given = {"source": "registration", "source_time": "2026-11-01", "evidence": "form"}
    for who in people:
        answer = caller.post("/contacts", {"address": f"{who}@example.org", **given, **more})
        assert answer.status_code in {200, 422}
    assert mailable() <= {("mailable", "updates")}


@pytest.mark.parametrize("path", ["/opt-outs", "/complaints", "/bounces", "/children", "/erasure-requests", "/explain"])
def test_g8_no_other_call_permits_whatever_is_added_to_it(client, database, people, mailable, path):
    caller = program(client, database)
    for more in (
        {},
        {"scope": "confirmation"},
        {"child": False},
        {"opted_out": False},
        {"permanent": False},
        {"lift": 1},
    ):
        for who in people:
            caller.post(path, {"address": f"{who}@example.org", **more})
    assert mailable() <= {("mailable", "updates")}


@pytest.mark.parametrize("backwards", [False, True])
def test_g8_no_merge_with_somebody_mailable_permits(database, people, mailable, backwards):
    for who in people:
        with database.writing() as session:
            numbers = dict(session.execute(select(Contact.address_key, Contact.id)).all())
            pair = [numbers.get(people[name].own, 0) for name in ("mailable", who)]
            try:
                merge_contacts(session, *(reversed(pair) if backwards else pair), at=NOON)
            except HeedfulError:
                session.rollback()
        assert mailable() <= {("mailable", "updates")}


def test_g8_no_edit_of_many_permits(database, people, mailable):
    pairs = [f"{name}=yes" for name in ("consents", "confirmed", "subscribed", "force", "topics")]
    pairs += ["opted_out=no", "child=no", "status=subscribed"]
    edit = read_edit(pairs=pairs, cleared=["blocks", "opt_outs"], language="de")
    assert edit_contacts(database, EditTerms({}, edit, Door.OPERATOR), at=NOON).counts["changed"] == 10
    assert mailable() == {("mailable", "updates")}


SAYS_YES = {
    "opted_out": "no", "opt_out": "", "child": "0", "status": "subscribed", "scope": "updates", "topic": "updates",
    "topics": "updates", "consents": "updates", "evidence": "they said so", "mode": "add", "act": "open",
    "state": "open", "outcome": "released", "note": "they said so", "reason": "opt_out", "then": "begin", "q": "x",
    "set": "status=subscribed", "decision": "approve", "email": "left@example.org", "address": "left@example.org",
}  # fmt: skip
NOT_ABOUT_PEOPLE = ("/console/operators", "/console/me", "/console/tokens", "/console/sign-")
PLACES = sorted(
    {
        place.path
        for package in (contacts.web, campaigns.web, surveys.web)
        for place in places_of(package)
        if "POST" in place.methods and place.path not in MAY_PERMIT
    }
)


def _url(path, number):
    for name in ("{key}", "{token}", "{name}"):
        path = path.replace(name, "0" * 32)
    while "{" in path:
        path = path[: path.index("{")] + str(number) + path[path.index("}") + 1 :]
    return path


def test_g8_no_form_permits_whatever_its_fields_say(client, database, people, mailable):
    sign_in(client, database)
    mark = csrf(client, "/console/me")
    names = {name for each in form_fields().values() for name in each} | {"force", "overwrite", "confirmed", "permit"}
    form = {name: SAYS_YES.get(name, "1") for name in names} | {"csrf": mark}
    with database.reading() as session:
        numbers = list(session.scalars(select(Contact.id).order_by(Contact.id)))
    assert len(PLACES) > 40
    for path in PLACES:
        for number in numbers if "contact_id" in path else numbers[:1]:
            answer = client.post(_url(path, number), data=form)
            assert answer.status_code < 500, path
        assert mailable() <= {("mailable", "updates")}, path


def test_g8_control_a_writer_that_takes_everybody_for_new_is_found(client, database, people, mailable, monkeypatch):
    def careless(row, keys, known, intake, counts):
        return take_in(row, keys, Known(), intake, counts)

    monkeypatch.setattr(upsert_contact, "take_in", careless)
    given = {"source": "registration", "source_time": "2026-11-01", "evidence": "form", "topics": ["updates"]}
    program(client, database).post("/contacts", {"address": "never-asked@example.org", **given})
    assert mailable() == {("mailable", "updates"), ("never-asked", "updates")}
