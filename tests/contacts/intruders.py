"""What an intruder with the owner's rights does first: the guards are taken away, and the statement goes through."""

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from contacts.domain.facts import GENESIS
from contacts.services.verify_ledger import verify_ledger
from contacts.storage.chains import links
from contacts.storage.ledger import Event, LedgerHead
from core.database import Database
from migrations.standing_guards import GUARDED, guard_faults


def unguard(session: Session, *tables: str) -> None:
    """Take every guard from these tables; from all that have one if none is named."""
    if session.get_bind().dialect.name == "postgresql":
        for table in tables or GUARDED:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    rows = session.execute(text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, table in rows:
        if table in (tables or GUARDED):
            session.execute(text(f"DROP TRIGGER {name}"))


def fault(database: Database) -> str | None:
    """The first thing that is wrong with the ledger and what is drawn from it."""
    with database.reading() as session:
        return verify_ledger(session).fault


def guards(database: Database) -> list[str]:
    """What is wrong with the guards."""
    with database.reading() as session:
        return guard_faults(session.connection())


def rewrite(session: Session) -> None:
    """Hash the chain anew over whatever stands, and name its end: all that hides a change from the chain itself."""
    digest, last = GENESIS, 0
    for link in list(links(session)):
        digest, last = link.digest(digest), link.sequence
        session.execute(update(Event).where(Event.sequence == last).values(hash=digest))
    session.execute(update(LedgerHead).values(sequence=last, hash=digest))
