"""G8 as a property: no sequence of writers makes anybody mailable but somebody never heard of, with a justified yes."""

import hashlib
import io
from itertools import count

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from contacts.domain.addresses import read_address
from contacts.domain.edits import read_edit
from contacts.domain.facts import Door
from contacts.domain.headings import Field
from contacts.domain.import_modes import ImportMode
from contacts.domain.rows import Defaults
from contacts.domain.scopes import TOPICS
from contacts.services.edit_contacts import EditTerms, edit_contacts
from contacts.services.flag_child import flag_child
from contacts.services.import_contacts import ImportOptions, import_contacts
from contacts.services.import_hashes import HashListOptions, import_hashes
from contacts.services.merge_contacts import merge_contacts
from contacts.services.unsubscribe import complain, opt_out
from contacts.services.upsert_contact import Terms, spelt, upsert_contact
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdicts
from contacts.storage.ledger import known_keys
from core.errors import HeedfulError
from tests.conftest import NOON
from tests.contacts.services.conftest import GIVEN

NUMBERS = count(1)
NAMES = ("ann", "ann+tag", "bob")
TEXTS = ("updates", "updates; research", "")


class World:
    """Three addresses of their own for each example, and every writer that there is."""

    def __init__(self, database, pepper, ring, folder):
        self.database, self.ring, self.folder = database, ring, folder
        number = next(NUMBERS)
        self.written = {name: f"{name[:3]}{number}{name[3:]}@example.org" for name in NAMES}
        self.keys = {name: pepper.keys(read_address(each)) for name, each in self.written.items()}

    def now(self):
        owns = [keys.own for keys in self.keys.values()]
        with self.database.reading() as session:
            said = {topic: verdicts(session, topic, owns, at=NOON) for topic in (*TOPICS, "tracking")}
            there = set(session.scalars(select(Contact.address_key).where(Contact.address_key.in_(owns))))
            heard = known_keys(session, owns) | {bytes(own) for own in there}
        return {(own, topic) for topic, each in said.items() for own, why in each.items() if why is None}, heard

    def do(self, act, who, other, text, mode):
        getattr(self, act)(who, other, text, mode)

    def table(self, who, _other, text, mode):
        data = f"email,topics\n{self.written[who]},{text}\n".encode()
        options = ImportOptions(defaults=GIVEN, mode=mode, rejects_folder=self.folder)
        import_contacts(self.database, io.BytesIO(data), options, ring=self.ring, at=NOON)

    def call(self, who, _other, text, mode):
        terms = Terms(1, mode, 16, Defaults(GIVEN.source, GIVEN.source_at, GIVEN.evidence))
        said = [spelt("address", Field.ADDRESS, self.written[who]), spelt("topics", Field.CONSENTS, text)]
        with self.database.writing() as session:
            upsert_contact(session, self.ring, said, terms, at=NOON)

    def hashes(self, who, _other, _text, _mode):
        data = hashlib.sha256(self.written[who].encode()).hexdigest().encode()
        options = HashListOptions(rejects_folder=self.folder)
        import_hashes(self.database, io.BytesIO(data), options, ring=self.ring, at=NOON)

    def merge(self, who, other, _text, _mode):
        with self.database.writing() as session:
            numbers = dict(session.execute(select(Contact.address_key, Contact.id)).all())
            pair = [numbers.get(self.keys[name].own, 0) for name in (who, other)]
            try:
                merge_contacts(session, *pair, at=NOON)
            except HeedfulError:
                session.rollback()

    def edit(self, _who, _other, text, _mode):
        edit = read_edit(
            pairs=["status=subscribed"], language="de", opt_outs=["research"] if "research" in text else []
        )
        edit_contacts(self.database, EditTerms({}, edit, Door.OPERATOR, evidence="x"), at=NOON)

    def stop(self, who, _other, text, _mode):
        with self.database.writing() as session:
            opt_out(session, self.keys[who], "updates" if text else "everything", Door.API, at=NOON)

    def complaint(self, who, _other, _text, _mode):
        with self.database.writing() as session:
            complain(session, self.keys[who], at=NOON)

    def child(self, who, _other, _text, _mode):
        with self.database.writing() as session:
            flag_child(session, self.keys[who], Door.API, at=NOON)


ACTS = ("table", "table", "call", "call", "hashes", "merge", "edit", "stop", "complaint", "child")
STORIES = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
        st.sampled_from(TEXTS),
        st.sampled_from(ImportMode),
    ),
    min_size=2,
    max_size=8,
)
FILL = ImportMode.FILL


@example(
    story=[
        ("table", "ann", "bob", "updates", FILL),
        ("table", "bob", "ann", "", FILL),
        ("merge", "bob", "ann", "", FILL),
    ]
)
@example(story=[("hashes", "ann", "bob", "", FILL), ("call", "ann", "bob", "updates", FILL)])
@example(story=[("call", "ann", "bob", "", FILL), ("call", "ann", "bob", "updates", ImportMode.UPDATE)])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORIES)
def test_g8_no_sequence_of_writers_makes_anybody_mailable_who_was_heard_of(database, pepper, ring, tmp_path, story):
    world = World(database, pepper, ring, tmp_path)
    before, heard = world.now()
    for act, *said in story:
        world.do(act, *said)
        after, now_heard = world.now()
        new = after - before
        assert {own for own, _ in new} & heard == set(), act
        assert not new or act in {"table", "call"}
        before, heard = after, now_heard
