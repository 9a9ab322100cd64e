"""Who came by a public link with a code and is no contact: known by a key alone, whatever becomes of the pepper."""

from pydantic import SecretStr
from sqlalchemy import delete, func, select

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.facts import Door
from contacts.services.erase_person import erase_person
from contacts.storage.contacts import Contact
from contacts.storage.peppers import begin_generation, keys_of
from contacts.storage.signups import Signup
from core.settings import Settings
from surveys.domain.anonymity import Access
from surveys.services.choose_anonymity import choose_access
from surveys.services.take_part import Arrival, Said, arrive, enter_code
from surveys.storage.answer_sheets import Standing
from surveys.storage.invitations import STRANGER, Invitation
from surveys.storage.responses import Answer, Response
from surveys.storage.surveys import Survey, find_survey
from tests.conftest import NOON, PEPPER
from tests.surveys.pressing import look
from tests.surveys.survey_scenes import answer, opened

STRANGE = "somebody@example.org"
ROTATED = f"a-second-pepper-that-is-long-enough,{PEPPER}"


def come_in(session, survey: Survey, settings: Settings) -> int:
    """Ask for a code and type it; the number of the invitation. The request is swept away afterwards."""
    asked = arrive(session, survey, Arrival(("1", "2", "1980"), "192.0.2.7", "a browser", STRANGE), settings, at=NOON)
    assert asked.said is Said.CODE_SENT
    code = session.scalars(select(Signup.code)).one()
    inside = enter_code(session, survey, STRANGE, code, "192.0.2.7", settings, at=NOON)
    session.execute(delete(Signup))
    assert inside.said is Said.COME_IN
    return inside.invitation


def test_who_came_by_a_code_answers_once_and_is_erased_also_after_a_rotation_of_the_pepper(database, settings):
    rotated = settings.model_copy(update={"pepper": SecretStr(ROTATED)})
    ring = PepperRing.of(rotated)
    with database.writing() as session:
        survey = opened(session)
        choose_access(session, survey, Access.CODE, at=NOON)
        number = come_in(session, survey, settings)
        answer(session, session.get_one(Invitation, number))
        assert session.get_one(Invitation, number).contact_id == STRANGER
    with database.writing() as session:
        assert begin_generation(session, ring) == 2
    with database.writing() as session:
        assert come_in(session, find_survey(session, "trip"), rotated) == number
        assert look(session, number).standing is Standing.DONE
        assert not session.scalar(select(func.count()).select_from(Contact))
    with database.writing() as session:
        keys = keys_of(session, ring, read_address(STRANGE))
        erased = erase_person(session, keys, Door.OPERATOR, at=NOON, operator="op")
        assert (erased.counts["invitations"], erased.counts["responses"]) == (1, 1)
        for table in (Invitation, Response, Answer):
            assert not session.scalar(select(func.count()).select_from(table))
