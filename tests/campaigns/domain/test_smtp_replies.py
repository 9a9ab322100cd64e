"""The one table of what a server's answer means, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.fates import Fate
from campaigns.domain.smtp_replies import (
    LOST,
    TABLE,
    Meaning,
    Meant,
    Phase,
    ends_line,
    enhanced_status,
    goes_on,
    meaning,
)

DEFERRED, FAILED, SENT, UNKNOWN = Fate.DEFERRED, Fate.FAILED, Fate.SENT, Fate.UNKNOWN
MESSAGE, DOMAIN, RELAY = Meant.MESSAGE, Meant.DOMAIN, Meant.RELAY

# the table once more, by examples: the number of the row, then answers that it decides
ROWS = [
    (0, "connect", [(LOST, "", "timed out"), (421, "", "busy"), (554, "5.7.1", "go away")], DEFERRED, RELAY),
    (0, "login", [(535, "5.7.8", "wrong password"), (454, "4.7.0", "later"), (LOST, "", "")], DEFERRED, RELAY),
    (1, "mail rcpt data body dot", [(530, "5.7.0", ""), (535, "", ""), (503, "5.5.1", "")], DEFERRED, RELAY),
    (2, "mail rcpt data dot", [(550, "5.7.57", ""), (554, "5.7.8", ""), (550, "5.7.14", "")], DEFERRED, RELAY),
    (3, "rcpt data dot", [(554, "5.7.1", "x: Relay access denied"), (550, "", "Relaying denied"),
                          (550, "", "relay not permitted"), (550, "5.7.54", "Unable to relay recipient")],
     DEFERRED, RELAY),
    (4, "body", [(LOST, "", ""), (421, "", "slow"), (552, "5.3.4", "too big"), (250, "", "ok?")], DEFERRED, RELAY),
    (5, "mail rcpt data", [(LOST, "", "the line broke")], DEFERRED, RELAY),
    (6, "mail", [(450, "4.1.8", "sender's domain not found"), (452, "4.3.4", "too big for now")], DEFERRED, MESSAGE),
    (7, "mail", [(421, "", ""), (450, "4.7.1", "too fast"), (451, "", ""), (452, "4.3.1", "")], DEFERRED, RELAY),
    (8, "mail rcpt data", [(500, "5.5.2", "what?"), (502, "", ""), (504, "", "")], DEFERRED, RELAY),
    (9, "mail", [(552, "5.3.4", "too big"), (555, "", "no such option"), (553, "5.6.7", "not ASCII"),
                 (550, "", "no"), (553, "5.7.1", "not you"), (500, "5.3.0", "")], FAILED, MESSAGE),
    (10, "rcpt data dot", [(421, "4.7.0", "rate"), (450, "4.7.1", "greylisted")], DEFERRED, DOMAIN),
    (11, "rcpt data dot", [(421, "", "closing"), (421, "4.3.2", ""), (454, "", "throttled")], DEFERRED, RELAY),
    (12, "rcpt data dot", [(452, "4.3.1", "disk full")], DEFERRED, RELAY),
    (13, "rcpt data dot", [(451, "4.4.1", "no answer from host"), (450, "4.4.3", "")], DEFERRED, DOMAIN),
    (14, "rcpt data dot", [(450, "4.2.0", "greylisted"), (452, "4.2.2", "full"), (451, "", "")], DEFERRED, MESSAGE),
    (15, "rcpt data dot", [(550, "5.7.25", "no PTR"), (554, "5.7.26", "unauthenticated")], FAILED, DOMAIN),
    (16, "rcpt data dot", [(550, "5.1.1", "no such user"), (550, "5.7.1", ""), (552, "5.2.2", "")], FAILED, MESSAGE),
    (16, "dot", [(500, "", "line too long"), (500, "5.5.2", "")], FAILED, MESSAGE),
    (17, "mail rcpt data", [(354, "", "")], DEFERRED, RELAY),
    (17, "data", [(250, "2.0.0", "ok?")], DEFERRED, RELAY),
    (18, "dot", [(250, "2.0.0", "queued"), (251, "", "")], SENT, MESSAGE),
    (19, "dot", [(LOST, "", "the line broke"), (354, "", "go on")], UNKNOWN, RELAY),
    (20, "prepare", [(LOST, "", "too big")], FAILED, MESSAGE),
]  # fmt: skip
EXAMPLES = [
    pytest.param(number, Phase(phase), *answer, Meaning(fate, meant), id=f"{number}-{phase}-{answer[0]}-{answer[1]}")
    for number, phases, answers, fate, meant in ROWS
    for phase in phases.split()
    for answer in answers
]


@pytest.mark.parametrize(("number", "phase", "code", "status", "text", "expected"), EXAMPLES)
def test_each_row_decides_its_answers(number, phase, code, status, text, expected):
    assert meaning(phase, code, status, text) == expected
    relaying = "relay" in text.lower()
    first = next(at for at, row in enumerate(TABLE) if row.covers(phase, code, status, relaying=relaying))
    assert first == number


def test_no_row_of_the_table_is_without_an_example():
    assert {number for number, *_ in ROWS} == set(range(len(TABLE)))


codes = st.sampled_from([LOST, 354, 421]) | st.integers(200, 599)
statuses = st.just("") | st.builds("{}.{}.{}".format, st.sampled_from("245"), st.integers(0, 9), st.integers(0, 60))


@given(st.sampled_from(Phase), codes, statuses, st.text(max_size=20))
def test_every_answer_has_a_meaning_and_only_a_yes_after_the_dot_is_sent(phase, code, status, text):
    fate, _ = meaning(phase, code, status, text)
    assert (fate is SENT) == (phase is Phase.DOT and 200 <= code <= 299)
    if fate is UNKNOWN:
        assert phase is Phase.DOT


def test_before_the_dot_a_lost_line_is_never_unknown_and_after_it_always():
    for phase in Phase:
        expected = {Phase.DOT: UNKNOWN, Phase.PREPARE: FAILED}.get(phase, DEFERRED)
        assert meaning(phase, LOST, "", "").fate is expected


@pytest.mark.parametrize(
    ("phase", "code", "on"),
    [("mail", 250, True), ("rcpt", 251, True), ("rcpt", 252, True), ("data", 354, True), ("data", 250, False),
     ("mail", 354, False), ("rcpt", 450, False), ("mail", 199, False), ("mail", 300, False)],
)  # fmt: skip
def test_a_handover_goes_on_after_a_yes_in_its_place(phase, code, on):
    assert goes_on(Phase(phase), code) is on


@pytest.mark.parametrize(
    ("code", "meant", "fate", "ends"),
    [(421, DOMAIN, DEFERRED, True), (450, RELAY, DEFERRED, True),
     (450, MESSAGE, DEFERRED, False), (550, DOMAIN, FAILED, False), (LOST, RELAY, UNKNOWN, True),
     (250, MESSAGE, SENT, False)],
)  # fmt: skip
def test_a_line_is_kept_unless_it_is_the_line_that_is_in_trouble(code, meant, fate, ends):
    assert ends_line(code, Meaning(fate, meant)) is ends


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [(550, "5.1.1 no such user", "5.1.1"), (250, "2.0.0", "2.0.0"), (550, "#5.1.1 no", ""), (450, "5.1.1 no", ""),
     (550, "5.1.1.1 no", ""), (550, "no", ""), (421, "4.7.28 rate", "4.7.28"), (550, "5.1.1234 no", ""),
     (550, "5.1.1: no", "5.1.1")],
)  # fmt: skip
def test_an_enhanced_status_stands_at_the_head_and_agrees_with_the_code(code, text, status):
    assert enhanced_status(code, text) == status
