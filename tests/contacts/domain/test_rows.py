"""A row becomes a contact to be, or a rejection that names line, column and remedy and repeats no value."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.domain.columns import map_columns, read_target
from contacts.domain.policy import Source
from contacts.domain.rows import ContactRow, Defaults, Rejection, RowReader

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
GIVEN = Defaults(source=Source.PURCHASE, source_at=SINCE, evidence="order form")
TOPICS = frozenset({"announcements", "updates", "offers", "other", "research", "partner:acme"})


def read(header, cells, defaults=GIVEN, *, restrictions_only=False, **chosen):
    columns = header.split(",")
    targets = map_columns(columns, {column: read_target(field) for column, field in chosen.items()})
    reader = RowReader(columns, targets, at=AT, topics=TOPICS, defaults=defaults, restrictions_only=restrictions_only)
    return reader.read(7, cells)


def rejected(header, cells, **options):
    found = read(header, cells, **options)
    assert isinstance(found, Rejection), found
    assert found.remedy
    assert found.line == 7
    assert not any(len(cell) > 4 and cell in found.reason + found.remedy for cell in cells)
    return found


def test_a_whole_row_is_read():
    row = read(
        "E-Mail,Vorname,Nachname,Sprache,Time Zone,topics,source,source time,evidence,Shoe size,vip",
        [
            *("Ada@Example.org", " Ada ", "Love  lace", "en_gb", "europe/london", "Updates; research"),
            *("mailing list", "2026-05-01 10:00", "form 7", "42", "true"),
        ],
    )
    assert isinstance(row, ContactRow)
    assert (row.line, row.address.delivery, row.address.canonical) == (7, "Ada@example.org", "ada@example.org")
    assert (row.given_name, row.family_name, row.locale, row.time_zone) == (
        "Ada",
        "Love lace",
        "en-GB",
        "Europe/London",
    )
    assert (row.source, row.evidence, row.consents) == (Source.MAILING_LIST, "form 7", ("updates", "research"))
    assert row.source_at == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert row.attributes == {"shoe_size": 42, "vip": True}
    assert not row.child
    assert not row.opt_outs


def test_what_a_row_does_not_say_is_taken_from_the_defaults():
    row = read("email,source", ["a@example.org", ""], defaults=Defaults(Source.SURVEY, SINCE, "list", ("updates",)))
    assert (row.source, row.source_at, row.evidence, row.consents) == (Source.SURVEY, SINCE, "list", ("updates",))


def test_times_without_an_offset_are_times_in_the_zone_given():
    defaults = Defaults(Source.SURVEY, None, "list", zone=ZoneInfo("Asia/Tokyo"))
    row = read("email,signup date", ["a@example.org", "2026-05-01 09:00"], defaults=defaults)
    assert row.source_at == datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("missing", [{"source": None}, {"source_at": None}, {"evidence": ""}])
def test_p6_source_time_and_evidence_are_required(missing):
    defaults = Defaults(**({"source": Source.SURVEY, "source_at": SINCE, "evidence": "x"} | missing))
    assert rejected("email", ["a@example.org"], defaults=defaults).reason == "is missing"


@pytest.mark.parametrize(
    ("header", "cells", "place"),
    [
        ("email", ["not an address"], "email"),
        ("email", [""], "email"),
        ("email", ["4111111111111111@example.org"], "email"),
        ("email,lang", ["a@example.org", "Klingon language"], "lang"),
        ("email,lang", ["a@example.org", "x" * 50], "lang"),
        ("email,tz", ["a@example.org", "Mars/Olympus"], "tz"),
        ("email,source", ["a@example.org", "bought list"], "source"),
        ("email,signup date", ["a@example.org", "03/04/2026"], "signup date"),
        ("email,signup date", ["a@example.org", "2031-01-01"], "signup date"),
        ("email,child", ["a@example.org", "perhaps"], "child"),
        ("email,birthday", ["a@example.org", "a while ago"], "birthday"),
        ("email,opt_out", ["a@example.org", "everyting"], "opt_out"),
        ("email,topics", ["a@example.org", "updates, gossip"], "topics"),
        ("email,topics", ["a@example.org", "yes"], "topics"),
        ("email,first name", ["a@example.org", "x" * 201], "first name"),
        ("email,note", ["a@example.org", "x" * 1001], "note"),
        ("email,attributes", ["a@example.org", "[1, 2]"], "attributes"),
        ("email,attributes", ["a@example.org", "{broken"], "attributes"),
    ],
)
def test_what_cannot_go_in_is_rejected_with_its_column(header, cells, place):
    assert rejected(header, cells).field == place


@pytest.mark.parametrize(
    ("cell", "scopes"),
    [
        ("", ()),
        ("no", ()),
        ("subscribed", ()),
        ("yes", ("everything",)),
        ("Unsubscribed", ("everything",)),
        ("2026-04-01", ("everything",)),
        ("everything", ("everything",)),
        ("research; Offers", ("research", "offers")),
        ("partner:new|tracking", ("partner:new", "tracking")),
    ],
)
def test_opt_outs_are_read_in_every_usual_form(cell, scopes):
    assert read("email,opt-outs", ["a@example.org", cell]).opt_outs == scopes


def test_opt_outs_and_consents_can_have_a_column_each():
    row = read(
        "email,no research,news,offers?,unsubscribed",
        ["a@example.org", "x", "yes", "2026-01-05", "no"],
        **{"no research": "opt_outs.research", "news": "consents.updates", "offers?": "consents.offers"},
    )
    assert (row.opt_outs, row.consents) == (("research",), ("updates", "offers"))
    assert rejected("email,n", ["a@example.org", "perhaps"], n="opt_outs.research").field == "n"
    assert rejected("email,n", ["a@example.org", "perhaps"], n="consents.research").field == "n"
    assert read("email,n", ["a@example.org", "no"], n="consents.research").consents == ()


def test_an_unknown_topic_is_told_which_there_are_and_tracking_is_one():
    assert "tracking" in rejected("email,topics", ["a@example.org", "updates, gossip"]).remedy
    row = read("email,topics", ["a@example.org", "updates, tracking"])
    assert isinstance(row, ContactRow)
    assert row.consents == ("updates", "tracking")


def test_a_yes_means_the_topics_given_for_all_rows():
    defaults = Defaults(Source.SURVEY, SINCE, "list", ("updates",))
    assert read("email,consent", ["a@example.org", "yes"], defaults=defaults).consents == ("updates",)
    assert read("email,consent", ["a@example.org", "no"], defaults=defaults).consents == ()
    assert read("email,consent", ["a@example.org", "tracking,sharing:acme"]).consents == ("tracking", "sharing:acme")


@pytest.mark.parametrize(("header", "cell"), [("child", "yes"), ("geburtsdatum", "01.02.2015"), ("dob", "03/04/2012")])
def test_p23_of_a_child_nothing_is_read_but_the_address(header, cell):
    row = read(f"email,first name,lang,{header}", ["kid@example.org", "Kim", "no language", cell])
    assert row == ContactRow(7, row.address, child=True)


def test_p23_a_birth_date_is_judged_and_not_kept():
    row = read("email,birthday", ["a@example.org", "1985-12-31"])
    assert "1985" not in repr(row)
    assert read("email,birthday", ["a@example.org", " "]).child is False


def test_a_rejected_row_keeps_its_restrictions():
    found = rejected("email,lang,opt-out", ["a@example.org", "Klingon", "yes"])
    assert found.kept is not None
    assert found.kept.opt_outs == ("everything",)
    assert found.kept.given_name == ""
    found = rejected("email,opt-out,unsubscribed", ["a@example.org", "everyting", "yes"])
    assert found.kept is not None
    assert rejected("email,lang", ["a@example.org", "Klingon"]).kept is None
    assert rejected("email,opt-out,lang", ["a@example.org", "everyting", "Klingon"]).kept is None
    assert read("email,child,birthday", ["a@example.org", "perhaps", "2015-01-01"]).child


def test_g8_of_stops_that_are_not_all_known_the_known_ones_are_kept():
    found = rejected("email,opt-out", ["a@example.org", "Offers; nosuch; research"])
    assert found.field == "opt-out"
    assert found.kept is not None
    assert found.kept.opt_outs == ("offers", "research")
    again = restricted("email,opt-out,name", ["a@example.org", "offers; nosuch", "lost \ufffd"])
    assert again.opt_outs == ("offers",)


def restricted(header, cells, defaults=GIVEN, *, restrictions_only=False):
    columns = header.split(",")
    targets = map_columns(columns, {})
    reader = RowReader(columns, targets, at=AT, topics=TOPICS, defaults=defaults, restrictions_only=restrictions_only)
    return reader.restrictions(7, cells)


def test_what_a_damaged_row_restricts_is_read_from_its_whole_cells():
    header = "name,email,opt-out,child"
    assert restricted(header, ["J\ufffdrg", "'+j@example.org", "yes", ""]).opt_outs == ("everything",)
    assert restricted(header, ["J\ufffdrg", "j@example.org", "n\ufffd", "yes"]).child
    for lost in (
        ["J\ufffdrg", "j@example.org", "yes\ufffd", ""],
        ["J", "j\ufffd@example.org", "yes", "yes"],
        ["J", "j@example.org", "yes"],
        ["J"],
        [],
    ):
        assert restricted(header, lost) is None


def test_of_an_uneven_row_only_the_address_is_read_for_what_holds_for_all():
    stopped = Defaults(opt_outs=("research",))
    assert restricted("email,opt-out,name", ["j@example.org", "yes"], stopped).opt_outs == ("research",)
    found = restricted("email,opt-out,name", ["j@example.org", "tracking"], restrictions_only=True)
    assert found.opt_outs == ("everything",)
    assert restricted("name,email", ["Lovelace", "Ada", "a@example.org"], restrictions_only=True) is None


def test_a_suppression_list_restricts_everybody_in_it_and_keeps_nothing_else():
    row = read("email,first name", ["a@example.org", "Ada"], restrictions_only=True)
    assert row == ContactRow(7, row.address, opt_outs=("everything",))


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("Lovelace, Ada", "Ada", "Lovelace"),
        ("Ada Lovelace", "Ada Lovelace", ""),
        ("山田 太郎", "山田 太郎", ""),
        ("Ada,", "Ada", ""),
        ("", "", ""),
    ],
)
def test_a_full_name_is_parted_only_where_it_says_how(name, given, family):
    row = read("email,name", ["a@example.org", name])
    assert (row.given_name, row.family_name) == (given, family)
    assert read("email,name,surname", ["a@example.org", name, "Byron"]).family_name == "Byron"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("42", 42),
        ("-7", -7),
        ("042", "042"),
        ("+49 30 123", "+49 30 123"),
        ("2.50", 2.5),
        ("1e5", "1e5"),
        ("1,5", "1,5"),
        ("1234567890123456789", "1234567890123456789"),
        ("TRUE", True),
        ("false", False),
        ("yes", "yes"),
        ("٤٢", "٤٢"),
        ("a\x00b\u202ec", "abc"),
        ("one\r\ntwo\t three", "one two three"),
        ("e\u0301", "é"),
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("4111111111111111", "************1111"),
        (" ", None),
    ],
)
def test_p8_attributes_are_typed_cleaned_and_screened(cell, value):
    found = read("email,thing", ["a@example.org", cell]).attributes
    assert found.get("thing") == value
    assert type(found.get("thing")) is type(value)


def test_attributes_of_another_program_are_laid_flat():
    text = '{"City": "Ulm", "likes": ["a", 1], "job": {"Title": "Dr", "since": 2001}, "none": null, "deep": [[1]]'
    text += ', "big": 1e300, "card": 4111111111111111, "yes": true, "empty": "", "none too": []}'
    assert read("email,attribs", ["a@example.org", text]).attributes == {
        "city": "Ulm",
        "likes": "a, 1",
        "job_title": "Dr",
        "job_since": 2001,
        "deep": "[[1]]",
        "big": "1e+300",
        "card": "************1111",
        "yes": True,
    }
    many = "{" + ",".join(f'"k{number}": 1' for number in range(201)) + "}"
    assert rejected("email,attribs", ["a@example.org", many]).field == "attribs"
    assert read("email,attribs", ["a@example.org", " "]).attributes == {}
    nested = read("email,attribs", ["a@example.org", '{"a": {"b": {"c": {"d": {"e": 1}}}}}'])
    assert nested.attributes == {"a_b_c_d": '{"e": 1}'}
    assert rejected("email,attribs", ["a@example.org", "[" * 100_000]).field == "attribs"


@given(st.lists(st.text(max_size=30), min_size=6, max_size=6))
def test_no_row_makes_the_reader_fail(cells):
    found = read("email,lang,child,birthday,topics,x", ["a@example.org", *cells[1:]])
    assert isinstance(found, ContactRow | Rejection)
