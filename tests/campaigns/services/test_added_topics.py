"""A topic that was added is a topic like any other: in campaign files, in checks, at the gate, and in every way out."""

import io
from dataclasses import replace

import pytest

from campaigns.domain.campaign_files import read_campaign, write_campaign
from campaigns.domain.checks import Severity
from campaigns.services.apply_campaign import apply_draft
from campaigns.services.check_campaign import check_campaign
from contacts.domain.addresses import read_address
from contacts.domain.leaving_tokens import unsubscribe_token
from contacts.domain.rows import Defaults
from contacts.domain.topic_drafts import TopicWords
from contacts.services.explain import explain
from contacts.services.import_contacts import ImportOptions, import_contacts
from contacts.services.keep_topics import add_topic, archive_topic
from contacts.storage.contacts import contact_by_key
from contacts.storage.gate import verdicts
from contacts.storage.segments import save_segment
from contacts.storage.topics import topic_named
from core.errors import BadInput
from tests.campaigns.scenes import HTML, TEXT, add_reader, make_draft
from tests.conftest import NOON

EVENTS, MUSIC = "marketing:events", "research:music"


@pytest.fixture
def topics(database):
    with database.writing() as session:
        add_topic(session, EVENTS, TopicWords("Events", "Where to meet us"), at=NOON)
        add_topic(session, MUSIC, TopicWords("Music panel"), at=NOON)


def faults(database, settings, keyring, draft, severity=Severity.ERROR):
    with database.writing() as session:
        campaign = apply_draft(session, draft, at=NOON).campaign
        found = check_campaign(session, campaign, settings, keyring, at=NOON).findings
    return [each.sentence for each in found if each.severity is severity]


def test_g20_an_added_topic_of_marketing_must_say_that_it_is_advertising(database, settings, keyring, topics):
    with database.writing() as session:
        add_reader(session, "ann@example.org", EVENTS)
    assert faults(database, settings, keyring, make_draft(topic=EVENTS)) == []
    silent = make_draft(topic=EVENTS, html=HTML.replace("advertisement", "letter"), text="")
    assert any("advertising" in each for each in faults(database, settings, keyring, silent))


def test_g14_an_added_topic_of_research_sells_nothing(database, settings, keyring, topics):
    with database.writing() as session:
        add_reader(session, "ann@example.org", EVENTS, MUSIC)
    selling = {part: text.replace("Hello", "20 % off! Hello") for part, text in (("html", HTML), ("text", TEXT))}
    told = faults(database, settings, keyring, make_draft(topic=MUSIC, **selling), Severity.WARNING)
    assert any("sells nothing" in each for each in told)
    told = faults(database, settings, keyring, make_draft("fair", topic=EVENTS, **selling), Severity.WARNING)
    assert not any("sells nothing" in each for each in told)


def test_a_campaign_file_may_name_it_until_it_is_archived(database, topics):
    draft = make_draft(topic=EVENTS)
    assert read_campaign(write_campaign(draft)).topic == EVENTS
    with database.writing() as session:
        apply_draft(session, draft, at=NOON)
        archive_topic(session, EVENTS, at=NOON)
        with pytest.raises(BadInput, match="no open topic"):
            apply_draft(session, replace(draft, name="later"), at=NOON)


def test_an_import_brings_consents_and_opt_outs_for_it(database, ring, topics, tmp_path):
    given = "mailing_list,2026-03-01,a form"
    rows = [f"ann@example.org,{EVENTS}; offers,,{given}", f"ben@example.org,{EVENTS},{EVENTS},{given}"]
    table = "\n".join(["email,topics,opted_out,source,source_time,evidence", *rows])
    options = ImportOptions(defaults=Defaults(), rejects_folder=tmp_path)
    report = import_contacts(database, io.BytesIO(table.encode()), options, ring=ring, at=NOON)
    assert (report.counts["added"], report.counts["consents"]) == (2, 3)
    with database.reading() as session:
        keys = [ring.peppers[0].keys(read_address(each)) for each in ("ann@example.org", "ben@example.org")]
        said = verdicts(session, EVENTS, [each.own for each in keys], at=NOON)
        assert [said[each.own] for each in keys] == [None, "opted_out"]
        told = {each.topic: each for each in explain(session, keys[0], at=NOON).topics}
        assert (told[EVENTS].title, told[EVENTS].reason) == ("Events", None)


def test_a_segment_may_ask_for_it_and_a_way_out_may_stop_it(database, client, keyring, topics):
    with database.writing() as session:
        ann = add_reader(session, "ann@example.org", EVENTS, "offers")
        rule = {"field": "topics", "op": "has", "value": EVENTS}
        save_segment(session, "Fans", {"match": "all", "rules": [rule]}, at=NOON)
        own, number = ann.address_key, topic_named(session, EVENTS).id
        archive_topic(session, MUSIC, at=NOON)
    answer = client.post("/u/" + unsubscribe_token(keyring, own, number, 0), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    with database.reading() as session:
        assert contact_by_key(session, own) is not None
        assert verdicts(session, EVENTS, [own], at=NOON)[own] == "opted_out"
        assert verdicts(session, "offers", [own], at=NOON)[own] is None
