"""Columns are known by the names that people give them, and shown before anything is stored."""

import pytest

from contacts.domain.columns import (
    attribute_key,
    looks_like_header,
    map_columns,
    name_columns,
    read_choices,
    read_target,
)
from contacts.domain.headings import Field
from contacts.domain.words import GOING, STOPPED, read_boolean, read_words, says_stop
from core.errors import BadInput


def mapped(*columns, samples=(), **chosen):
    choices = {column.replace("_", " "): read_target(field) for column, field in chosen.items()}
    return [str(target) for target in map_columns(columns, choices, samples)]


def test_columns_are_known_by_name_in_several_languages():
    assert mapped("E-Mail", "Vorname", "Nachname", "Sprache", "Geburtsdatum") == (
        ["address", "given_name", "family_name", "locale", "birth_date"]
    )
    assert mapped("メール", "名", "姓", "言語") == ["address", "given_name", "family_name", "locale"]
    assert mapped("Email Address", "First Name", "Last_Name", "TIMEZONE", "UNSUB_TIME") == (
        ["address", "given_name", "family_name", "time_zone", "opt_outs"]
    )
    assert mapped("adresse e-mail", "Prénom", "Désabonné") == ["address", "given_name", "opt_outs"]


def test_a_column_of_no_known_name_becomes_an_attribute():
    assert mapped("email", "Favourite Colour", "国", "Größe (cm)") == (
        ["address", "attributes.favourite_colour", "attributes.国", "attributes.größe_cm"]
    )


def test_attributes_of_one_name_stay_apart():
    assert mapped("email", "Plan", "plan", "PLAN!") == (
        ["address", "attributes.plan", "attributes.plan_2", "attributes.plan_3"]
    )


def test_a_column_whose_name_is_no_word_is_kept_all_the_same():
    assert mapped("email", "!!!", "__") == ["address", "attributes.column", "attributes.column_2"]


def test_a_second_column_of_a_field_is_an_attribute_and_a_second_address_is_left_out():
    assert mapped("email", "mail", "language", "lang", "optout", "unsubscribed") == (
        ["address", "ignore", "locale", "attributes.lang", "opt_outs", "opt_outs"]
    )
    twice = ["email", "email (2)", "plan", "plan (2)"]  # as `name_columns` names them
    assert mapped(*twice) == ["address", "ignore", "attributes.plan", "attributes.plan_2"]
    assert mapped(*twice, email="ignore")[:2] == ["ignore", "address"]


def test_a_chosen_field_goes_before_the_name():
    assert mapped("email", "other", "name", other="address", name="ignore") == ["ignore", "address", "ignore"]
    assert mapped("email", "news", "land", news="consents.updates", land="attributes.Country") == (
        ["address", "consents.updates", "attributes.country"]
    )


def test_a_status_is_an_opt_out_only_where_every_word_is_one():
    assert mapped("email", "status", samples=[["a@b", "enabled"], ["c@d", "blocklisted"]])[1] == "opt_outs"
    assert mapped("email", "status", samples=[["a@b", "married"], ["c@d", "unsubscribed"]])[1] == "attributes.status"
    assert mapped("email", "status", samples=[["a@b", ""]])[1] == "attributes.status"


def test_an_address_column_of_unknown_name_is_found_by_its_cells():
    assert mapped("who", "what", samples=[["a@example.org", "x"], ["", "y"]]) == ["address", "attributes.what"]


def test_no_address_column_or_two_of_them_are_refused():
    with pytest.raises(BadInput, match="No column") as refusal:
        mapped("who", "what", samples=[["ada", "x"]])
    assert "who, what" in str(refusal.value)
    with pytest.raises(BadInput, match="More than one"):
        mapped("who", "whom", samples=[["a@b", "c@d"]])


def test_two_columns_chosen_for_one_field_are_refused():
    with pytest.raises(BadInput, match="same field"):
        mapped("email", "a", "b", a="locale", b="locale")


def test_a_chosen_column_that_is_not_there_is_refused():
    with pytest.raises(BadInput, match="no column “Land”"):
        map_columns(["email"], {"Land": read_target("locale")})


def test_choices_are_read_as_written_in_the_terminal():
    choices = read_choices(["E mail=email", "a=b=opt_outs.research", "x = ignore"])
    assert {column: str(target) for column, target in choices.items()} == {
        "E mail": "address",
        "a=b": "opt_outs.research",
        "x": "ignore",
    }


@pytest.mark.parametrize(
    "pair",
    ["a", "=locale", "a=nothing", "a=locale.x", "a=opt_outs.x", "a=consents.everything", "a=attributes.!!", "a="],
)
def test_a_choice_that_cannot_be_read_is_refused_with_a_remedy(pair):
    with pytest.raises(BadInput) as refusal:
        read_choices([pair])
    assert refusal.value.remedy


def test_every_column_gets_a_name_of_its_own():
    assert name_columns(["a", "", " a ", "a", "\ufeffb\nc"]) == ("a", "column 2", "a (2)", "a (3)", "b c")


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["email", "name"]], True),
        ([["who"], ["a@b"]], True),
        ([["a@b"], ["c@d"]], False),
        ([["ada"], ["bob"]], False),
        ([["a@b", "name"]], False),
        ([["thing", "name"], ["ann", "x"]], True),
        ([["who", "what"], ["x", "a@b"]], True),
    ],
)
def test_a_header_is_told_from_a_person(rows, header):
    assert looks_like_header(rows) is header


@pytest.mark.parametrize("text", ["Yes", "ja", "OUI", "はい", "1", " x ", "Да", "Ｙｅｓ"])
def test_yes_is_read_in_many_languages(text):
    assert read_boolean(text) is True


@pytest.mark.parametrize("text", ["", "No", "nein", "NON", "いいえ", "0", "нет", " - "])
def test_no_is_read_in_many_languages(text):
    assert read_boolean(text) is False


def test_what_is_neither_is_neither():
    assert read_boolean("perhaps") is None
    assert says_stop("perhaps") is None


@pytest.mark.parametrize("text", ["yes", "Unsubscribed", "opted out", "blocklisted", "2026-03-01 10:00", "BOUNCED"])
def test_a_stop_is_read_in_the_words_of_other_programs(text):
    assert says_stop(text) is True


@pytest.mark.parametrize("text", ["", "no", "subscribed", "Opted-In", "enabled"])
def test_a_going_on_is_read_in_the_words_of_other_programs(text):
    assert says_stop(text) is False


def test_a_list_in_a_cell_is_split():
    assert read_words("Updates; offers,updates |\n research/") == ("updates", "offers", "research")


def test_an_attribute_is_named_in_small_letters():
    assert attribute_key("  Shoe-Size (EU) ") == "shoe_size_eu"
    assert attribute_key("x" * 100) == "x" * 64
    assert Field.ADDRESS.value == "address"


def test_what_restricts_and_what_adds_up_may_stand_in_several_columns():
    assert mapped("email", "child", "minor", "birthday", "dob", "attributes", "attribs") == [
        "address", "child", "child", "birth_date", "birth_date", "attributes", "attributes",
    ]  # fmt: skip
    assert mapped("email", "topics", "consent", "heedful blocks", "heedful created") == (
        ["address", "consents", "consents", "ignore", "ignore"]
    )
    for field in ("child", "birth_date", "attributes", "ignore", "opt_outs", "consents"):
        assert mapped("email", "a", "b", a=field, b=field)[1:] == [field, field]


@pytest.mark.parametrize("name", ["Status", "Subscription status", "email_status", "SubscriberStatus"])
def test_a_status_is_known_by_four_names_and_may_be_empty_here_and_there(name):
    assert mapped("email", name, samples=[["a@b", "enabled"], ["c@d", ""]])[1] == "opt_outs"
    every = [["a@b", word] for word in STOPPED | GOING]
    assert mapped("email", name, samples=every)[1] == "opt_outs"


def test_an_attribute_that_was_chosen_keeps_its_name_and_another_one_gives_way():
    assert mapped("email", "x", "plan", x="attributes.plan") == ["address", "attributes.plan", "attributes.plan_2"]
    assert mapped("email", "x", "updates", x="opt_outs.updates") == [
        "address",
        "opt_outs.updates",
        "attributes.updates",
    ]


def test_a_column_with_other_words_among_addresses_does_not_hold_them():
    with pytest.raises(BadInput, match="No column"):
        mapped("who", samples=[["a@b"], ["bob"]])


def test_a_remedy_names_thirty_columns_at_most():
    many = [f"c{number}" for number in range(31)]
    for chosen in ({}, {"none": read_target("locale")}):
        with pytest.raises(BadInput) as refusal:
            map_columns(many, chosen)
        assert (refusal.value.remedy or "").endswith("c28, c29.")
