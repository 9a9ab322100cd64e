"""The terminal: mail that comes back to the address of our mail, piped in."""

import json
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.leaving_tokens import unsubscribe_token
from contacts.storage.case_lists import open_cases
from contacts.storage.ledger import Event
from core.database import Database
from core.settings import load_settings
from core.tokens import Keyring

GIVEN = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form")


@pytest.fixture
def people(house, tmp_path):
    (tmp_path / "people.csv").write_text("email,topics\nann@example.org,offers\nbob@example.org,offers\n")
    done = house("import", "people.csv", *GIVEN, "--json")
    assert done.exit_code == 0, done.output
    return house


@pytest.fixture
def token(people) -> str:
    settings = load_settings()
    keys = PepperRing.of(settings).peppers[0].keys(read_address("ann@example.org"))
    return unsubscribe_token(Keyring([settings.secret_key.get_secret_value()]), keys.own, 0, 12)


def reply(body: str, *headers: str, writer: str = "Ann <ann@example.org>", subject: str = "Re: New this spring") -> str:
    return "\r\n".join([f"From: {writer}", f"Subject: {subject}", *headers]) + "\r\n\r\n" + body


def take(run, mail: str) -> dict[str, Any]:
    done: Result = run("inbound", "--mail", "-", "--json", given=mail)
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.output)
    return told


def events() -> list[tuple[str, str, str, Any]]:
    database = Database(load_settings().database_url)
    with database.reading() as session:
        rows = session.execute(
            select(Event.kind, Event.scope, Event.door, Event.details).where(Event.door != "import")
        ).all()
        found = [(row.kind, row.scope, row.door, row.details.get("mailing")) for row in rows]
    database.close()
    return found


def questions() -> list[tuple[str, str, str]]:
    database = Database(load_settings().database_url)
    with database.reading() as session:
        found = [(case.kind, case.door, case.words) for case in open_cases(session)]
    database.close()
    return found


def test_g19_a_reply_that_says_stop_opts_its_writer_out(people):
    told = take(people, reply("STOP\n\n> New this spring\n"))
    assert told == {"meaning": "stop", "recorded": "opt_out", "said": "done"}
    assert events() == [("opt_out", "everything", "reply", None)]


def test_a_reply_from_another_address_stops_both_the_reader_of_the_mail_and_its_writer(people, token):
    take(people, reply(f"bitte abmelden\n\n> https://m.example.org/u/{token}\n", writer="bob@example.org"))
    assert sorted(events(), key=str) == [
        ("opt_out", "everything", "reply", 12), ("opt_out", "everything", "reply", None),
    ]  # fmt: skip


def test_a_button_that_writes_here_counts_as_the_button(people, token):
    assert take(people, reply("", "Auto-Submitted: auto-generated", subject=token))["recorded"] == "opt_out"
    assert events() == [("opt_out", "everything", "mailto", 12)]


@pytest.mark.parametrize(
    "mail",
    [
        reply("STOP", "Auto-Submitted: auto-replied"),
        reply("> STOP\n> Unsubscribe"),
        reply("Win a prize", writer="stranger@example.com"),
        reply("A question", writer=""),
        "\x00\x01 not a mail",
    ],
)
def test_what_a_machine_or_a_stranger_writes_is_left_alone(people, mail):
    assert take(people, mail)["said"] == "nothing to do"
    assert events() == []
    assert questions() == []


def test_a_question_of_somebody_we_know_becomes_a_request_without_card_numbers(people):
    assert take(people, reply("Was my card 4111 1111 1111 1111 charged?\n\n> hi"))["recorded"] == "question"
    ((kind, door, words),) = questions()
    assert (kind, door) == ("question", "reply")
    assert words.startswith("Was my card")
    assert "4111 1111" not in words
    assert events() == [], "a question holds nothing"


def bounce(*fields: str, head: str = "") -> str:
    return reply(
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        + "\r\n".join(fields)
        + f"\r\n\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n--x--\r\n",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
        writer="MAILER-DAEMON@mx.example.net",
    )


def test_g19_a_delivery_report_of_who_is_gone_is_a_bounce_like_any_other(people):
    gone = bounce("Final-Recipient: rfc822; ann@example.org", "Action: failed", "Status: 5.1.1")
    assert take(people, gone) == {"meaning": "bounce", "recorded": "bounce", "said": "done"}
    assert events() == [("bounce", "everything", "delivery", None)]


def test_a_bounce_is_of_whom_the_returned_mail_was_for(people, token):
    fields = ("Final-Recipient: rfc822; moved@example.com", "Action: failed", "Status: 5.1.1")
    take(people, bounce(*fields, head=f"List-Unsubscribe: <https://m.example.org/u/{token}>"))
    assert events() == [("bounce", "everything", "delivery", 12)]
    explained = json.loads(people("explain", "ann@example.org", "--json").output)["topics"]
    assert explained["offers"] == "bounced"


@pytest.mark.parametrize("fields", [("Action: delayed", "Status: 4.4.1"), ("Action: failed", "Status: 5.2.2")])
def test_a_mailbox_that_is_full_or_late_is_no_bounce(people, fields):
    assert take(people, bounce("Final-Recipient: rfc822; ann@example.org", *fields))["said"] == "nothing to do"
    assert events() == []


def test_g19_a_complaint_is_a_complaint_here_as_well(people):
    body = (
        "--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
        "Original-Rcpt-To: ann@example.org\r\n\r\n--x--\r\n"
    )
    head = 'Content-Type: multipart/report; report-type=feedback-report; boundary="x"'
    assert take(people, reply(body, head, writer="fbl@example.net"))["recorded"] == "complaint"
    assert events() == [("complaint", "everything", "feedback_loop", None)]


@pytest.mark.parametrize("command", [("inbound", "--mail", "-"), ("opt-out", "--mail", "-")])
def test_g2_while_nothing_can_be_stored_the_mail_server_is_told_to_try_again(people, command, monkeypatch):
    settings = load_settings()
    monkeypatch.setattr("core.database.BUSY_MILLISECONDS", 10)
    blocker = Database(settings.database_url)
    with blocker.writing() as session:
        session.execute(select(1))
        done = people(*command, given=reply("STOP"))
    blocker.close()
    assert done.exit_code == 75
    assert "tried again" in done.output
    assert events() == []
