"""A look at the form shows what a press would meet, though it is read another way."""

import pytest

from contacts.domain.facts import Kind
from surveys.domain.anonymity import Anonymity
from surveys.storage.answer_sheets import Link, Sheet, Standing, open_sheets
from surveys.storage.glances import UNSEEN, glance
from surveys.storage.pseudonyms import Veil
from surveys.storage.responses import Response
from tests.campaigns.scenes import tell
from tests.conftest import NOON
from tests.surveys.survey_scenes import STRAIGHT, answer, counted, invitations, invited, opened, people


def compared(session, link: Link) -> Sheet:
    """The sheet, after both ways of reading it gave the same and changed nothing."""
    before = counted(session)
    (met,) = open_sheets(session, [link], NOON.date())
    seen = glance(session, link, NOON.date())
    assert seen is not None
    assert met is not None
    for one, other in ((seen.invitation, met.invitation), (seen.survey, met.survey), (seen.response, met.response)):
        assert (one is None) == (other is None)
        names = [each.key for each in type(one).__table__.columns if each.key not in UNSEEN] if one else []
        assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]
    for name in ("standing", "definition", "version", "answers", "contact", "today", "pseudonym"):
        assert getattr(seen, name) == getattr(met, name)
    assert counted(session) == before
    return seen


@pytest.mark.parametrize("mode", [Anonymity.IDENTIFIED, Anonymity.CONFIDENTIAL])
def test_g11_a_glance_tells_what_a_press_would_meet(database, mode):
    with database.writing() as session:
        survey = opened(session)
        survey.anonymity = mode.value
        one, _ = people(session, 2)
        invited(session, survey)
        first, second = invitations(session)
        link = Link(first.id, seed=7)
        assert compared(session, link).standing is Standing.OPEN
        answer(session, first, STRAIGHT[0])
        begun = compared(session, link)
        assert begun.answers
        assert begun.response is not None
        assert (begun.response.invitation_id == first.id) == (mode is Anonymity.IDENTIFIED)
        answer(session, first, *STRAIGHT[1:])
        assert compared(session, link).standing is Standing.DONE
        tell(session, one, Kind.CHILD, ["everything"])
        assert compared(session, link).standing is Standing.NOT_FOR_YOU
        assert compared(session, Link(second.id)).standing is Standing.OPEN
        assert glance(session, Link(second.id, veil=Veil(pseudonym=first.id)), NOON.date()) is None
        assert glance(session, Link(10**9), NOON.date()) is None


def test_what_a_glance_brings_belongs_to_no_session(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 1)
        invited(session, survey)
        (invitation,) = invitations(session)
        answer(session, invitation, STRAIGHT[0])
        number = invitation.id
    with database.writing() as session:
        seen = glance(session, Link(number), NOON.date())
        assert seen is not None
        assert seen.response is not None
        seen.response.page = "somewhere"
    with database.reading() as session:
        assert session.query(Response).one().page == "trip"
