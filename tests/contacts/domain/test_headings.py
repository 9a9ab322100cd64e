"""What a column is called, in one spelling."""

import pytest

from contacts.domain.headings import KNOWN, Field, folded


@pytest.mark.parametrize("name", ["E-Mail", "e mail", "EMAIL", "é-maïl", "Ｅｍａｉｌ", "email*"])
def test_a_name_is_spelt_without_case_accents_blanks_and_signs(name):
    assert folded(name) == "email"


def test_marks_that_are_no_latin_accents_stay():
    assert folded("ガ") == "ガ"
    assert folded("か\u3099") == "が"
    assert folded("a\u0300b\u036fc") == "abc"
    assert folded("Й") == "и"


def test_every_field_has_names_and_each_is_known_by_its_folded_spelling():
    assert set(KNOWN.values()) == set(Field)
    assert all(folded(name) == name for name in KNOWN)
    spelt = ("E-Mail-Adresse", "Prénom", "lname", "TZ", "DOB", "heedful_blocks")
    assert [KNOWN[folded(name)] for name in spelt] == [
        Field.ADDRESS, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.TIME_ZONE, Field.BIRTH_DATE, Field.IGNORE,
    ]  # fmt: skip
    assert {name: KNOWN[name] for name in ("name", "sprache", "minor", "baja", "topics", "quelle", "optintime")} == {
        "name": Field.FULL_NAME, "sprache": Field.LOCALE, "minor": Field.CHILD, "baja": Field.OPT_OUTS,
        "topics": Field.CONSENTS, "quelle": Field.SOURCE, "optintime": Field.SOURCE_TIME,
    }  # fmt: skip
    assert {name: KNOWN[name] for name in ("beleg", "attribs", "heedfulcreated")} == {
        "beleg": Field.EVIDENCE, "attribs": Field.ATTRIBUTES, "heedfulcreated": Field.IGNORE,
    }  # fmt: skip
