"""Sign-ups at the same moment: one request an address, one confirmation, and an opt-out that is never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import select

from contacts.domain.addresses import AddressKeys, Pepper, read_address
from contacts.domain.facts import Kind
from contacts.services.ask_to_join import Asking, Said, ask_to_join
from contacts.services.confirm_signup import confirm_signup
from contacts.storage.gate import verdicts
from contacts.storage.ledger import Event, record
from contacts.storage.locks import lock_families
from contacts.storage.signup_forms import SignupForm
from contacts.storage.signups import Signup
from core.database import Database
from core.settings import Settings
from tests.contacts.people import fact
from tests.contacts.signing_up import add_newsletter, count

AT_ONCE = 8
ANN = "ann@example.org"


def asked(database: Database, settings: Settings, at: datetime, network: str = "192.0.2.1") -> Said:
    """One request for Ann."""
    asking = Asking(ANN, ["updates"], ("7", "11", "1962"), network, "a browser", "a page")
    with database.writing() as session:
        form = session.scalars(select(SignupForm)).one()
        return ask_to_join(session, form, asking, settings, at=at).said


def test_requests_at_the_same_moment_leave_one(database: Database, settings: Settings, noon: datetime):
    with database.writing() as session:
        add_newsletter(session, at=noon)
    with ThreadPoolExecutor(AT_ONCE) as people:
        said = list(people.map(lambda each: asked(database, settings, noon, f"192.0.2.{each}"), range(AT_ONCE)))
    assert sorted(said) == [Said.LOOK_INTO_INBOX] * 5 + [Said.TOO_OFTEN] * 3
    assert count(database, Signup) == 1


def test_presses_at_the_same_moment_confirm_once(database: Database, settings: Settings, noon: datetime):
    with database.writing() as session:
        add_newsletter(session, at=noon)
    asked(database, settings, noon)

    def press(_: int) -> bool:
        with database.writing() as session:
            agreed = confirm_signup(session, 1, at=noon)
            return agreed is not None and agreed.confirmed

    with ThreadPoolExecutor(AT_ONCE) as fingers:
        assert all(fingers.map(press, range(AT_ONCE)))
    assert count(database, Event) == 1
    with database.reading() as session:
        assert session.scalars(select(SignupForm.confirmed)).one() == 1


def test_g1_an_opt_out_that_holds_the_lock_first_ends_the_request_before_it_is_confirmed(
    database: Database, settings: Settings, pepper: Pepper, noon: datetime
):
    with database.writing() as session:
        add_newsletter(session, at=noon)
    asked(database, settings, noon)
    keys = pepper.keys(read_address(ANN))

    def press() -> bool:
        with database.writing() as session:
            return confirm_signup(session, 1, at=noon) is not None

    with ThreadPoolExecutor(1) as finger:
        with database.writing() as session:
            session.connection()  # on SQLite the transaction is the lock
            lock_families(session, {keys.family}, alone=True)
            pressed = finger.submit(press)
            record(session, [fact(keys, Kind.OPT_OUT, "everything", at=noon)], at=noon)
        assert pressed.result() is False
    assert not permitted(database, keys, noon)


def permitted(database: Database, keys: AddressKeys, at: datetime) -> bool:
    """Whether Ann gets updates."""
    with database.reading() as session:
        return verdicts(session, "updates", [keys.own], at=at).get(keys.own, "no contact") is None
