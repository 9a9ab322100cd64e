"""The built-in mailbox keeps what it takes over real SMTP, and shows it as a mail program would."""

import asyncio
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaigns.domain.fates import Fate
from campaigns.mail.capture import Capture, store
from campaigns.mail.composing import OutgoingMail, compose
from campaigns.mail.mailbox import count_letters, list_letters, open_letter
from campaigns.mail.relay_urls import Line, RelayUrl
from campaigns.mail.smtp import Relay
from core.errors import BadInput, NotFound

MAIL = OutgoingMail(
    sender_name="Example",
    sender_email="news@example.org",
    to_name="Zoë",
    to_email="zoe@example.com",
    subject="Grüße, die lang genug sind, um in mehrere Zeilen gefaltet zu werden, und noch etwas länger",
    text="Hallo\n.\n..zwei\n",
    html="<p>Hallo</p>\n",
    at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    message_id="0" * 32 + "@example.org",
)


def deliver(folder: Path, *mails: OutgoingMail) -> None:
    async def run() -> None:
        capture = Capture(folder)
        relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", await capture.start()))
        for mail in mails:
            reply = await relay.handover(mail.sender_email, mail.to_email, compose(replace(mail, smtputf8=True)))
            assert reply.fate is Fate.SENT
        await relay.close()
        await capture.stop()

    asyncio.run(run())


def test_a_mail_is_kept_as_it_was_sent(tmp_path):
    deliver(tmp_path / "mailbox", MAIL)
    (letter,) = list_letters(tmp_path / "mailbox")
    opened = open_letter(tmp_path / "mailbox", letter.name)
    assert (opened.to, opened.sender, opened.subject) == ("zoe@example.com", "Example <news@example.org>", MAIL.subject)
    assert (opened.text, opened.html, opened.has_html) == (MAIL.text, MAIL.html, True)
    assert opened.headers.startswith("Delivered-To: zoe@example.com\nFrom: Example <news@example.org>\n")
    assert opened.raw.startswith(b"Delivered-To: zoe@example.com\r\nFrom:")
    assert letter.at == opened.at
    assert letter.subject == MAIL.subject


def test_the_newest_come_first_and_pages_follow_each_other(tmp_path):
    deliver(tmp_path, *(replace(MAIL, to_email=f"reader{number}@example.com") for number in range(5)))
    assert count_letters(tmp_path) == 5
    pages = [list_letters(tmp_path, limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [letter.to for page in pages for letter in page] == [
        f"reader{number}@example.com" for number in (4, 3, 2, 1, 0)
    ]
    assert [letter.to for letter in list_letters(tmp_path, to="READER3")] == ["reader3@example.com"]


def test_an_address_beyond_ascii_is_kept(tmp_path):
    deliver(tmp_path, replace(MAIL, to_email="jörg@example.com", html=None))
    (letter,) = list_letters(tmp_path)
    assert letter.to == "jörg@example.com"
    assert not open_letter(tmp_path, letter.name).has_html


def test_only_the_owner_reads_the_files(tmp_path):
    deliver(tmp_path / "box", MAIL)
    for path in (tmp_path / "box").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("name", ["../../etc/passwd", "", ".", "20261122T000000000000-00000000", "x/y", "a\0b"])
def test_no_other_file_is_opened(tmp_path, name):
    with pytest.raises(NotFound):
        open_letter(tmp_path, name)


def test_an_empty_mailbox_is_empty(tmp_path):
    assert list_letters(tmp_path / "none") == []
    assert count_letters(tmp_path / "none") == 0


def test_a_recipient_with_a_line_break_is_not_written(tmp_path):
    with pytest.raises(BadInput):
        store(tmp_path, "a@b.test\r\nX: y", b"")


def test_a_mailbox_that_cannot_write_says_so_and_the_mail_waits(tmp_path):
    (tmp_path / "box").write_text("a file where the folder should be")

    async def run() -> Fate:
        capture = Capture(tmp_path / "other")
        relay = Relay(RelayUrl(Line.PLAIN, "127.0.0.1", await capture.start()))
        (tmp_path / "other").rmdir()
        (tmp_path / "other").write_text("no folder any more")
        reply = await relay.handover(MAIL.sender_email, MAIL.to_email, compose(MAIL))
        await relay.close()
        await capture.stop()
        return reply.fate

    assert asyncio.run(run()) is Fate.DEFERRED
