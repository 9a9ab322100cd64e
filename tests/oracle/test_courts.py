"""The judge of sending is judged: each kind of wrong that is put before it is found, and what is right is let pass."""

from dataclasses import replace

from tests.oracle.courts import Judgement, judged
from tests.oracle.leavers import DONE, LATE, NOT, Confirmation
from tests.oracle.postoffice import Letter

ANN, BOB = "ann@example.org", "bob@example.org"
SENT = Letter(ANN, 1, 0, dot=100, subject="spring", kept=True, code=250, heard=110)


def told(at: int, said: str = DONE) -> Confirmation:
    return Confirmation(ANN, "one_click", at - 50, at, said)


def judge(*letters: Letter, left: tuple[Confirmation, ...] = (), state: str = "sent", **more) -> Judgement:
    states = {ANN: state, BOB: "withheld"}
    report = {"audience": 2, "withheld": 1, state: 2 if state == "withheld" else 1} | more.pop("report", {})
    return judged(letters, left, states, report, [ANN, BOB], **more)


def test_what_is_right_passes():
    assert judge(SENT).wrong == []
    assert judge(SENT, left=(told(101),)).wrong == [], "the dot came before they were told"
    assert judge(replace(SENT, code=451), replace(SENT, dot=200)).wrong == [], "deferred, and sent at the second try"
    assert judge(replace(SENT, code=0), state="unknown").wrong == []
    assert judge(state="withheld").wrong == []


def test_g1_a_dot_after_a_confirmation_is_found_but_one_after_an_honest_late_is_not():
    assert judge(SENT, left=(told(99),)).after
    assert judge(SENT, left=(told(99, LATE),)).after == []
    again = [replace(SENT, code=451), replace(SENT, dot=200)]
    assert judge(*again, left=(told(99, LATE),)).after, "one message, and no second"
    assert judge(SENT, left=(told(99, NOT),)).after == [], "they were told that nothing was recorded (G2)"


def test_g6_two_dots_are_found_unless_the_first_was_deferred():
    assert judge(SENT, replace(SENT, dot=200)).doubles
    assert judge(replace(SENT, code=0), replace(SENT, dot=200), state="sent").doubles
    assert judge(replace(SENT, code=554), replace(SENT, dot=200)).doubles


def test_g7_what_is_lost_invented_or_told_wrongly_is_found():
    assert judge(state="sent").lost, "nobody took it"
    assert judge(replace(SENT, code=554)).lost, "it was refused"
    assert judge(SENT, state="failed").lost
    assert judge(SENT, state="unknown").lost
    assert judge(SENT, state="unknown", killed=True).lost == []
    assert judge(state="planned").lost
    assert judge(state="planned", open_ends=True).lost == []
    assert judge(SENT, state="planned", open_ends=True).lost
    assert judge(replace(SENT, code=0), state="failed").lost
    assert judge(SENT, report={"audience": 3}).lost
    assert judge(SENT, report={"sent": 2}).lost
    assert judge(SENT, replace(SENT, to="cem@example.org")).lost
