"""A row that cannot be read as a whole goes to the rejects, and what it restricts is kept all the same (G8, G13)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.domain.import_modes import ImportMode
from contacts.domain.rows import Defaults
from contacts.storage.blocks import Block
from tests.contacts.services.imported import contact, number_of, rejected_rows, verdict

HEADER = b"name,email,opted_out,child,note,evidence\n"
WRONG = b"\xff"


def known(bring, *names):
    bring("email,topics\n" + "".join(f"{name}@example.org,updates\n" for name in names))


def damaged(name, place, stop):
    """A row that says stop, with a wrong byte in the cell of that place."""
    cells = [b"Ada", name.encode() + b"@example.org", b"", b"", b"of old", b"form 7"]
    cells[stop] = b"yes"
    cells[place] = cells[place][:1] + WRONG + cells[place][1:]
    return b",".join(cells) + b"\n"


@pytest.mark.parametrize("mode", ImportMode)
@pytest.mark.parametrize("stop", [2, 3])
def test_g8_a_wrong_byte_in_any_other_cell_costs_nobody_the_opt_out_or_the_protection_of_a_child(
    bring, database, key, mode, stop
):
    places = [place for place in range(6) if place not in (1, stop)]
    names = [f"p{place}" for place in places]
    known(bring, *names, "new")
    rows = b"".join(damaged(name, place, stop) for name, place in zip(names, places, strict=True))
    report = bring(HEADER + rows + damaged("stranger", 0, stop), mode=mode, encoding="utf-8")
    said = {"opted_out", "child"} if mode is ImportMode.RESTRICT else {"opted_out" if stop == 2 else "child"}
    assert {verdict(database, key(f"{name}@example.org").own) for name in names} <= said
    assert verdict(database, key("new@example.org").own) is None
    assert report.counts["rejected"] == 5
    assert report.counts["opt_outs" if stop == 2 else "children"] == 5
    assert [row[4] for row in rejected_rows(report)[1:]] == ["yes"] * 5
    assert contact(database, key("stranger@example.org").own) is None


def test_g8_a_suppression_list_stops_whoever_can_be_made_out_in_a_damaged_row(bring, database, key):
    known(bring, "short", "long", "bytes", "quote", "cell", "last")
    rows = (
        b"email,name,opted_out\nshort@example.org\nlong@example.org,Long,,,x\nbytes@example.org,J\xffrg,no\n"
        b'quote@example.org,"Oops,\ncell@example.org,C,n\xff\nlast@example.org,"L\xff\n'
    )
    report = bring(rows, mode=ImportMode.RESTRICT, defaults=Defaults(), encoding="utf-8")
    for name in ("short", "long", "bytes", "quote", "cell", "last"):
        assert verdict(database, key(f"{name}@example.org").own) == "opted_out", name
    assert report.counts == {"rows": 6, "rejected": 6, "opt_outs": 6}


@pytest.mark.parametrize("mode", ImportMode)
def test_a_damaged_address_is_nobodys_and_only_rejected(bring, database, key, mode):
    report = bring(HEADER + b"Ada,ad\xffa@example.org,yes,yes,,\nBob,\xff,yes,yes,,\n", mode=mode, encoding="utf-8")
    assert report.counts == {"rows": 2, "rejected": 2}
    assert number_of(database, Block) == 0


def test_an_uneven_row_stops_nobody_where_its_cells_may_be_those_of_other_columns(bring, database, key):
    known(bring, "ada")
    report = bring("email,opted_out,note\nada@example.org,yes\n")
    assert report.counts == {"rows": 1, "rejected": 1}
    assert [row[4] for row in rejected_rows(report)] == ["restrictions kept", ""]
    assert verdict(database, key("ada@example.org").own) is None


@pytest.mark.parametrize("mode", ImportMode)
def test_what_cannot_be_understood_as_an_opt_out_is_told_and_stops_whoever_is_on_a_suppression_list(
    bring, database, key, mode
):
    known(bring, "ada")
    report = bring("email,opted_out\nada@example.org,perhaps\nada@example.org,31.2.2026\n", mode=mode)
    assert report.counts["rejected"] == 2
    stopped = "opted_out" if mode is ImportMode.RESTRICT else None
    assert verdict(database, key("ada@example.org").own) == stopped


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    note=st.binary(max_size=12).map(lambda some: bytes(set(some) - set(b'"\r\n,\0'))),
    stop=st.sampled_from([2, 3]),
    mode=st.sampled_from(ImportMode),
)
def test_g8_whatever_bytes_the_other_cells_hold_who_is_stopped_in_a_row_is_stopped(
    bring, database, key, note, stop, mode
):
    name = f"p{number_of(database, Block)}"
    known(bring, name)
    cells = [note, name.encode() + b"@example.org", b"", b"", note, note]
    cells[stop] = b"yes"
    bring(HEADER + b",".join(cells) + b"\n", mode=mode, encoding="utf-8")
    assert verdict(database, key(f"{name}@example.org").own) == ("opted_out" if stop == 2 else "child")
