"""G8 as a property: whatever was recorded, and whatever a table says, nobody who was heard of becomes mailable."""

import io
from itertools import count

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from contacts.domain.addresses import read_address
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.import_modes import ImportMode
from contacts.domain.scopes import TOPICS
from contacts.services.import_contacts import ImportOptions, import_contacts
from contacts.storage.contacts import Contact, contacts_by_keys
from contacts.storage.gate import verdicts
from contacts.storage.ledger import known_keys, record
from tests.conftest import NOON
from tests.contacts.services.conftest import GIVEN

# each example has people of its own, told apart by the number that comes in place of the 0
ADDRESSES = ("a0@example.org", "b0@example.org", "b0+tag@example.org")
NUMBERS = count(1)
FILL = ImportMode.FILL
SCOPES = ("everything", "marketing", "updates", "research", "tracking")
DOORS = {True: Door.DOUBLE_OPT_IN, False: Door.OPERATOR}
PAST = st.lists(
    st.tuples(
        st.sampled_from(ADDRESSES),
        st.sampled_from([Kind.CONSENT, Kind.OPT_OUT, Kind.COMPLAINT, Kind.CHILD, Kind.ERASURE, Kind.HOLD, Kind.BOUNCE]),
        st.sampled_from(SCOPES),
        st.booleans(),
    ),
    max_size=3,
)
CELLS = st.tuples(
    st.sampled_from([*ADDRESSES, "A0@EXAMPLE.org"]),
    st.sampled_from(["", "", "updates", "updates; research"]),
    st.sampled_from(["", "", "", "", "", "no", "yes", "research"]),
    st.sampled_from(["", "", "", "", "no", "yes", "perhaps"]),
    st.sampled_from(["", "", "", "de", "Klingon"]),
)
SILENT = (ADDRESSES[0], "", "", "", "")
SAYS_YES = (ADDRESSES[0], "updates", "", "", "")
ROWS = st.lists(CELLS, min_size=1, max_size=6)


def write(rows):
    return "email,topics,opt-out,child,language\n" + "".join(",".join(row) + "\n" for row in rows)


@example(
    first=[SILENT], past=[], deleted=set(), again=[SAYS_YES], notice=True, mode=FILL
)  # a contact without a consent
@example(
    first=[SAYS_YES], past=[], deleted={ADDRESSES[0]}, again=[SAYS_YES], notice=False, mode=FILL
)  # a deleted contact
@example(
    first=[SAYS_YES], past=[], deleted=set(), again=[(ADDRESSES[0], "updates", "no", "no", "")], notice=False, mode=FILL
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=ROWS,
    past=PAST,
    deleted=st.sets(st.sampled_from(ADDRESSES)),
    again=ROWS,
    notice=st.booleans(),
    mode=st.sampled_from(ImportMode),
)
def test_g8_no_table_makes_anybody_mailable_who_was_heard_of(
    database, pepper, ring, tmp_path, first, past, deleted, again, notice, mode
):
    number = str(next(NUMBERS))
    people = {address: pepper.keys(read_address(address.replace("0", number))) for address in ADDRESSES}
    owns = [keys.own for keys in people.values()]

    def bring(rows, mode=ImportMode.FILL):
        options = ImportOptions(defaults=GIVEN, rejects_folder=tmp_path, notice=notice, mode=mode)
        import_contacts(database, io.BytesIO(write(rows).replace("0", number).encode()), options, ring=ring, at=NOON)

    def permitted():
        with database.reading() as session:
            said = {topic: verdicts(session, topic, owns, at=NOON) for topic in (*TOPICS, "tracking")}
            heard = known_keys(session, owns) | set(contacts_by_keys(session, owns))
        return {(own, topic) for topic in said for own, reason in said[topic].items() if reason is None}, heard

    bring(first)
    with database.writing() as session:
        facts = [
            Fact(people[who].own, people[who].family, kind, scope, DOORS[own_word], NOON, confirmed=own_word)
            for who, kind, scope, own_word in past
        ]
        record(session, facts, at=NOON)
        session.execute(delete(Contact).where(Contact.address_key.in_([people[who].own for who in deleted])))
    before, heard = permitted()
    bring(again, mode)
    after, _ = permitted()
    assert {(own, topic) for own, topic in after - before if own in heard} == set()
    bring(again, mode)
    assert permitted()[0] == after
