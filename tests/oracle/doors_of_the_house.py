"""The eleven doors by which somebody leaves (G19), each as it is used in life."""

from collections.abc import Callable
from email.message import EmailMessage

from starlette.testclient import TestClient

from tests.api import program
from tests.journeys.houses import House
from tests.journeys.mails import Mail
from tests.journeys.pressing import press

Door = Callable[[House, Mail], None]

BOUNCE = """From: mailer-daemon@mx.example.net\r
To: news@example.org\r
Subject: Undelivered\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
no such user\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.net\r
\r
Final-Recipient: rfc822; {who}\r
Action: failed\r
Status: 5.1.1\r
\r
--b--\r
"""
COMPLAINT = """From: fbl@provider.example.net\r
To: complaints@example.org\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=feedback-report; boundary=b\r
\r
--b\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: abuse\r
User-Agent: provider/1\r
Version: 1\r
Original-Rcpt-To: {who}\r
\r
--b--\r
"""


def one_click(house: House, mail: Mail) -> None:
    """The header's one-click (RFC 8058)."""
    assert "Done" in house.web.post(mail.one_click, data={"List-Unsubscribe": "One-Click"}).text


def page_with_token(house: House, mail: Mail) -> None:
    """The link in the mail and its one button."""
    assert "Done" in press(house.web, mail.link("/u/")).text


def page_without_token(house: House, mail: Mail) -> None:
    """The address typed on the open page."""
    assert "Done" in press(house.web, "/unsubscribe", {"address": mail.to.upper()}).text


def mailto(house: House, mail: Mail) -> None:
    """A letter to the unsubscribe address."""
    assert house.told("opt-out", "--mail", "-", given=mail.letter_to_leave(mail.to))["said"] == "done"


def reply_stop(house: House, mail: Mail) -> None:
    """A reply that says stop."""
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = mail.to, "news@example.org", "Re: news"
    reply["In-Reply-To"] = str(mail.message["Message-ID"])
    reply.set_content("STOP\n\n> Faster, and quieter.\n")
    assert house.told("inbound", "--mail", "-", given=reply.as_bytes())["recorded"] == "opt_out"


def contact_form(house: House, mail: Mail) -> None:
    """The page to write to us."""
    assert house.web.post("/contact", data={"reason": "stop", "address": mail.to}).status_code == 200


def operator(house: House, mail: Mail) -> None:
    """An operator who was asked on the telephone, in the terminal."""
    assert house.told("opt-out", mail.to, "--evidence", "a telephone call")["said"] == "done"


def api(house: House, mail: Mail) -> None:
    """Another program."""
    assert isinstance(house.web, TestClient)
    answer = program(house.web, house.database).post("/opt-outs", {"address": mail.to})
    assert answer.status_code == 200, answer.text


def suppression_list(house: House, mail: Mail) -> None:
    """A file of people who are not to be written to."""
    (house.folder / "stop.csv").write_text(f"email\n{mail.to}\n", encoding="utf-8")
    house.told("import", "stop.csv", "--mode", "restrict")


def complaint(house: House, mail: Mail) -> None:
    """A provider's feedback report."""
    house.told("inbound", "--mail", "-", given=COMPLAINT.format(who=mail.to).encode())


def hard_bounce(house: House, mail: Mail) -> None:
    """A delivery report of an address that is gone."""
    house.told("inbound", "--mail", "-", given=BOUNCE.format(who=mail.to).encode())


DOORS: dict[str, Door] = {
    each.__name__.replace("_", "-"): each
    for each in (
        one_click, page_with_token, page_without_token, mailto, reply_stop, contact_form, operator, api,
        suppression_list, complaint, hard_bounce,
    )
}  # fmt: skip
