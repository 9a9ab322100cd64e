"""How many mails a second are composed, against the standard library's EmailMessage in the same run."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

from campaigns.mail.composing import OutgoingMail, compose, new_message_id

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TEXT = "Hallo Zoë,\n\nein Absatz mit Umlauten und genug Wörtern für mehrere Zeilen. " * 30
HTML = f'<html><body><p style="color:#333">{TEXT}</p><a href="https://example.org/c/token">los</a></body></html>' * 2


def ours() -> bytes:
    return compose(
        OutgoingMail(
            sender_name="Example Software",
            sender_email="news@example.org",
            to_name="Zoë",
            to_email="zoe@example.com",
            subject="Neues für Sie",
            text=TEXT,
            html=HTML,
            at=AT,
            message_id=new_message_id("example.org"),
            unsubscribe_url="https://example.org/u/" + "t" * 24,
            list_id="announcements.example.org",
            feedback_id="1:2:announcements:heedful",
        )
    )


def standard() -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = "Example Software <news@example.org>"
    message["To"] = "Zoë <zoe@example.com>"
    message["Subject"] = "Neues für Sie"
    message["Date"] = AT
    message["Message-ID"] = f"<{new_message_id('example.org')}>"
    message["List-Id"] = "<announcements.example.org>"
    message.set_content(TEXT, cte="quoted-printable")
    message.add_alternative(HTML, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def rate(compose_one: Callable[[], bytes], seconds: float = 2.0) -> float:
    count, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        compose_one()
        count += 1
    return count / spent


def main() -> None:
    ours_rate, standard_rate = rate(ours), rate(standard)
    figures = {
        "bench": "compose",
        "bytes": len(ours()),
        "messages_per_second": round(ours_rate),
        "standard_library_per_second": round(standard_rate),
        "ratio": round(ours_rate / standard_rate, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
