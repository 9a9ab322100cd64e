from campaigns.storage.campaigns import put_draft
from campaigns.storage.links import destination, links_of, recent_destinations, store_links
from tests.campaigns.scenes import make_draft
from tests.conftest import NOON


def test_a_destination_is_stored_once_a_campaign_and_never_changes(database):
    with database.writing() as session:
        one, two = put_draft(session, make_draft("one"), NOON), put_draft(session, make_draft("two"), NOON)
        urls = ["https://example.org/a", "https://example.org/b", "https://example.org/a"]
        first = store_links(session, one.id, urls)
        assert set(first) == {"https://example.org/a", "https://example.org/b"}
        again = store_links(session, one.id, [*urls, "https://example.org/" + "x" * 4000])
        assert first.items() <= again.items()
        assert not set(store_links(session, two.id, urls).values()) & set(again.values())
        assert links_of(session, one.id) == again
        assert destination(session, first["https://example.org/b"]) == "https://example.org/b"
        assert destination(session, 999) is None
        assert len(recent_destinations(session, 2)) == 2


def test_only_whole_web_addresses_are_destinations(database):
    with database.writing() as session:
        campaign = put_draft(session, make_draft(), NOON)
        refused = ["mailto:a@example.org", "javascript:alert(1)", "//example.org", "https://{{ x }}", "", "#top"]
        assert store_links(session, campaign.id, refused) == {}
