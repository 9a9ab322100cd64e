"""What those are shown who may not see addresses: whatever holds one, it is masked, and nothing else is (P1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import FileResponse, Response

from core.errors import Forbidden
from core.web.discretion import discreet, without_whole_addresses

MASKED = {
    "Write to anna@example.org.": "Write to a•••@e•••.org.",
    '<a href="mailto:anna@example.org">': '<a href="mailto:a•••@e•••.org">',
    "Ann <ann@a.example>, bob@b.example;c": "Ann <a•••@a•••.example>, b•••@b•••.example;c",
    "anna\uff20example.org": "a•••@e•••.org",
    "“q@q.example”": "“q•••@q•••.example”",
    "a@b@c.example": "a•••@c•••.example",
    "ann@example.org/x": "a•••@e•••.org",
    "@ann@example.org@.": "@a•••@e•••.org@.",
    "ann@localhost": "a•••@l•••",
    "O&#39;Brien@x.example": "O&#39;B•••@x•••.example",
}
KEPT = ("@media x", "a @ b", "x@", "--@--", "https://video.example/@someone/post", "a•••@e•••.org", "no address", "")


@pytest.mark.parametrize(("text", "hidden"), MASKED.items())
def test_p1_an_address_anywhere_in_a_text_is_masked(text: str, hidden: str):
    assert without_whole_addresses(text) == hidden


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_address_stays(text: str):
    assert without_whole_addresses(text) == text


def test_who_looks_sees_their_own_address():
    assert (
        without_whole_addresses("me@x.example, not@x.example", own="me@x.example") == "me@x.example, n•••@x•••.example"
    )


@given(st.text(alphabet="ab.-\uff20 /<é", max_size=20), st.text(alphabet="ab.\uff20 />é,", max_size=20))
def test_p1_an_address_is_found_whatever_stands_around_it(before: str, after: str):
    assert "anna@example.org" not in without_whole_addresses(f"{before} anna@example.org{after}")


def test_p1_masking_takes_a_time_that_grows_with_the_text_alone():
    assert without_whole_addresses("x" * 5_000_000 + "@") == "x" * 5_000_000 + "@"


def test_p1_an_answer_keeps_its_length_right_and_a_file_is_refused(tmp_path):
    answer = discreet(Response("for anna.van.der.lang@example.org", media_type="text/html"))
    assert answer.headers["content-length"] == str(len(answer.body))
    assert bytes(answer.body).decode() == "for a•••@e•••.org"
    with pytest.raises(Forbidden):
        discreet(FileResponse(tmp_path / "people.csv"))
