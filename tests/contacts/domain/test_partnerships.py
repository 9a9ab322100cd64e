"""What can be agreed with a partner, and what can never be handed to anybody."""

from types import SimpleNamespace

import pytest

from contacts.domain.partnerships import (
    STANDSTILLS,
    Purpose,
    Standstill,
    Terms,
    read_fields,
    read_partner_name,
    read_purpose,
    value_of,
)
from core.errors import BadInput

GIVEN = {
    "title": " Acme  Sounds ",
    "contract_reference": "contract 7",
    "privacy_email": "privacy@acme.test",
    "suppression_email": "lists@acme.test",
    "fields": ["address", "attributes.country", "address", " "],
    "acknowledge_days": "5",
}


def test_terms_are_tidied_up():
    terms = Terms.read(GIVEN)
    assert terms.title == "Acme Sounds"
    assert terms.fields == ("address", "attributes.country")
    assert terms.acknowledge_days == 5
    assert Terms.read(terms.as_json()) == terms


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("title", " "),
        ("title", "a" * 201),
        ("contract_reference", ""),
        ("privacy_email", "no address"),
        ("suppression_email", None),
        ("acknowledge_days", "0"),
        ("acknowledge_days", 31),
        ("acknowledge_days", "²"),
        ("acknowledge_days", "soon"),
        ("fields", ["evidence"]),
    ],
)
def test_terms_that_cannot_be_kept_are_refused_by_name(field, written):
    with pytest.raises(BadInput) as refused:
        Terms.read(GIVEN | {field: written})
    assert refused.value.field == field


def test_p8_a_card_number_in_the_terms_is_masked():
    assert "4111 1111" not in Terms.read(GIVEN | {"contract_reference": "4111 1111 1111 1111"}).contract_reference


def test_no_list_of_fields_is_an_empty_one():
    assert Terms.read({**GIVEN, "fields": None}).fields == ()


@pytest.mark.parametrize("field", ["evidence", "notes", "source_at", "address_key", "id", "country", "attributes."])
def test_p9_what_is_no_field_for_anybody_never_stands_on_an_allow_list(field):
    with pytest.raises(BadInput, match="cannot be handed to a partner"):
        read_fields(["address", field])


@pytest.mark.parametrize("name", ["acme", "a", "4-you", "a" * 40])
def test_a_short_name_fits_into_a_scope(name):
    assert read_partner_name(f" {name.upper()} ") == name


@pytest.mark.parametrize("name", ["", "-acme", "ac me", "acme:x", "ácme", "a" * 41])
def test_a_short_name_that_fits_into_no_scope_is_refused(name):
    with pytest.raises(BadInput):
        read_partner_name(name)


def test_p10_there_are_two_purposes_and_each_says_of_what():
    assert read_purpose("order", " orders of  May ") == (Purpose.ORDER, "orders of May")
    assert read_purpose("inform", "x" * 300)[1] == "x" * 200
    assert "4111111111111111" not in read_purpose("order", "card 4111111111111111")[1]
    for purpose, reference in (("sell", "x"), ("", "x"), ("order", " ")):
        with pytest.raises(BadInput):
            read_purpose(purpose, reference)


def test_a_field_is_a_column_or_an_attribute():
    person = SimpleNamespace(address="ann@example.org", attributes={"country": "DE"})
    assert value_of(person, "address") == "ann@example.org"
    assert value_of(person, "attributes.country") == "DE"
    assert value_of(person, "attributes.town") is None


def test_every_standstill_can_be_told():
    assert set(STANDSTILLS) == set(Standstill)


def test_terms_that_say_nothing_else_are_the_address_alone_and_a_week():
    assert Terms("Acme", "C-1", "p@example.org", "s@example.org") == Terms(
        "Acme", "C-1", "p@example.org", "s@example.org", ("address",), 7
    )
    said = {"title": "Acme", "contract_reference": "C-1", "privacy_email": "p@x.test", "suppression_email": "s@x.test"}
    assert Terms.read(said).acknowledge_days == 7
    assert Terms.read(said | {"fields": ["locale", "address"]}).as_json() == said | {
        "fields": ["locale", "address"], "acknowledge_days": 7,
    }  # fmt: skip


def test_a_title_may_be_as_long_as_the_limit_and_no_longer():
    said = {"contract_reference": "C-1", "privacy_email": "p@x.test", "suppression_email": "s@x.test"}
    assert Terms.read(said | {"title": "x" * 200}).title == "x" * 200
    with pytest.raises(BadInput, match="longer than 200"):
        Terms.read(said | {"title": "x" * 201})


@pytest.mark.parametrize(
    ("days", "taken"), [(0, False), (1, True), (30, True), (31, False), ("٣", False), ("-1", False)]
)
def test_a_partner_has_one_to_thirty_days(days, taken):
    said = {"title": "A", "contract_reference": "C", "privacy_email": "p@x.test", "suppression_email": "s@x.test"}
    if taken:
        assert Terms.read(said | {"acknowledge_days": days}).acknowledge_days == days
    else:
        with pytest.raises(BadInput, match="1 to 30 days"):
            Terms.read(said | {"acknowledge_days": days})
