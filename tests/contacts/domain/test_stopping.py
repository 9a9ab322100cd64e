"""The one fact behind every door: the same event and the same reach, whoever brings the wish to stop."""

from datetime import UTC, datetime

import pytest

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Kind
from contacts.domain.permission import Numbered, standing, verdict
from contacts.domain.stopping import stop_fact
from core.errors import BadInput

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN = AddressKeys(b"o" * 32, b"f" * 32)


@pytest.mark.parametrize("door", [each for each in Door if each not in {Door.FEEDBACK_LOOP, Door.DELIVERY}])
def test_g19_a_wish_to_stop_is_an_opt_out_through_whatever_door(door):
    fact = stop_fact(ANN, door, at=AT, scope="offers", evidence="a call", details={"mailing": 7})
    assert (fact.kind, fact.scope, fact.door, fact.at) == (Kind.OPT_OUT, "offers", door, AT)
    assert (fact.evidence, fact.details, fact.confirmed) == ("a call", {"mailing": 7}, False)


@pytest.mark.parametrize(("door", "kind"), [(Door.FEEDBACK_LOOP, Kind.COMPLAINT), (Door.DELIVERY, Kind.BOUNCE)])
def test_g19_a_complaint_and_a_bounce_stop_everything_whatever_is_named(door, kind):
    fact = stop_fact(ANN, door, at=AT, scope="offers")
    assert (fact.kind, fact.scope) == (kind, "everything")


@pytest.mark.parametrize("door", list(Door))
def test_g19_without_a_scope_everything_is_stopped(door):
    after = standing([Numbered(1, stop_fact(ANN, door, at=AT))])
    assert all(verdict(after, topic, {}, at=AT) for topic in ("offers", "research", "partner:acme"))


def test_what_is_no_scope_is_refused():
    with pytest.raises(BadInput):
        stop_fact(ANN, Door.API, at=AT, scope="nonsense")
