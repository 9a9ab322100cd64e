from datetime import timedelta

from sqlalchemy import select

from campaigns.storage.clicks import (
    clicks_of,
    count_by_link,
    count_readers,
    followed,
    other_links,
    store_click,
    withdraw_clicks,
)
from campaigns.storage.links import store_links
from campaigns.storage.messages import Message
from tests.campaigns.scenes import add_readers, make_draft, sending
from tests.conftest import NOON

URLS = ["https://example.org/a", "https://example.org/b", "https://example.org/c"]
HOUR = timedelta(hours=1)


def test_clicks_are_counted_by_link_person_and_time(database):
    with database.writing() as session:
        people = add_readers(session, 2)
        mailing = sending(session)
        links = store_links(session, mailing.campaign_id, URLS)
        a, b = links[URLS[0]], links[URLS[1]]
        first, second = session.scalars(select(Message.id).order_by(Message.contact_id))
        for message, link, at in ((first, a, NOON), (first, a, NOON + HOUR), (second, a, NOON), (first, b, NOON)):
            of = followed(session, message, link)
            assert of is not None
            assert store_click(session, of, link, at)
            assert not store_click(session, of, link, at)
        counted = [(each.url, each.unique, each.total) for each in count_by_link(session, [mailing.id])]
        assert counted == [(URLS[0], 2, 3), (URLS[1], 1, 1), (URLS[2], 0, 0)]
        assert count_readers(session, [mailing.id]) == 2
        mine = session.execute(clicks_of(people[0].id)).all()
        assert [(row.at, row.topic) for row in mine] == [
            (NOON + HOUR, "announcements"),
            (NOON, "announcements"),
            (NOON, "announcements"),
        ]
        assert other_links(session, first, a, NOON, NOON) == 1
        withdraw_clicks(session, first, NOON, NOON)
        assert other_links(session, first, b, NOON - HOUR, NOON + HOUR) == 1
        assert [each.total for each in count_by_link(session, [mailing.id])] == [2, 0, 0]


def test_a_link_of_another_campaign_is_no_link_of_this_message(database):
    with database.writing() as session:
        add_readers(session, 1)
        sending(session, make_draft("one"))
        other = sending(session, make_draft("two"))
        link = store_links(session, other.campaign_id, URLS)[URLS[0]]
        first, second = session.scalars(select(Message.id).order_by(Message.contact_id))
        assert followed(session, first, link) is None
        assert followed(session, second, link) is not None
        assert followed(session, second, 999) is None
        assert followed(session, 999, link) is None
