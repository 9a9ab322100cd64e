"""What an edit of many contacts may say, and what it makes of one."""

import pytest

from contacts.domain.edits import Edit, changed_profile, new_restrictions, read_edit
from contacts.domain.facts import Kind
from core.errors import BadInput

PROFILE = {"locale": "en", "time_zone": "", "attributes": {"plan": "gold", "seats": 3}}


def test_an_edit_is_read_as_an_import_reads_cells():
    edit = read_edit(
        pairs=["Country=DE", "seats=4", "beta=true"], cleared=["Plan"], language="pt_BR", time_zone="europe/berlin",
        opt_outs=["offers", "offers"], child=True,
    )  # fmt: skip
    assert edit == Edit(
        {"country": "DE", "seats": 4, "beta": True}, ("plan",), "pt-BR", "Europe/Berlin", ("offers",), True
    )
    assert edit.restricts
    assert edit.as_json()["opt_outs"] == ["offers"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "set"),
        ({"pairs": ["country"]}, "set"),
        ({"pairs": ["country= "]}, "set"),
        ({"pairs": ["note=" + "x" * 1001]}, "set"),
        ({"pairs": ["plan=gold"], "cleared": ["plan"]}, "set"),
        ({"cleared": ["!!"]}, "map"),
        ({"language": "Klingon"}, "language"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"opt_outs": ["gossip"]}, "scope"),
    ],
)
def test_what_cannot_be_used_is_told_by_its_field(said, field):
    with pytest.raises(BadInput) as refused:
        read_edit(**said)
    assert refused.value.field == field


def test_attributes_are_set_and_cleared_and_what_is_not_named_stays():
    edit = read_edit(pairs=["seats=4", "country=DE"], cleared=["plan"])
    assert changed_profile(PROFILE, edit) == {"attributes": {"seats": 4, "country": "DE"}}
    assert changed_profile(PROFILE, read_edit(language="en", pairs=["plan=gold"])) == {}
    assert changed_profile(PROFILE, read_edit(language="de")) == {"locale": "de"}


def test_a_time_zone_is_changed_where_it_is_another():
    edit = read_edit(time_zone="Europe/Berlin")
    assert changed_profile(PROFILE, edit) == {"time_zone": "Europe/Berlin"}
    assert changed_profile(PROFILE | {"time_zone": "Europe/Berlin"}, edit) == {}


def test_either_a_stop_or_a_child_restricts_and_all_is_kept_with_its_history():
    assert [edit.restricts for edit in (Edit(), Edit(opt_outs=("offers",)), Edit(child=True))] == [False, True, True]
    assert Edit({"a": 1}, ("plan",), "de", None, ("offers",)).as_json() == {
        "attributes": {"a": 1}, "cleared": ["plan"], "locale": "de", "time_zone": None, "opt_outs": ["offers"],
        "child": False,
    }  # fmt: skip


def test_only_what_was_not_stopped_before_is_stopped():
    edit = read_edit(opt_outs=["offers", "research"], child=True)
    blocks = {("offers", "opt_out"), ("everything", "opt_out")}
    assert new_restrictions(blocks, edit) == [(Kind.CHILD, "everything"), (Kind.OPT_OUT, "research")]
    assert new_restrictions(set(), read_edit(language="de")) == []
