"""`heedful relays`: how each server does, in words and for programs."""

import asyncio
import json
import socket
from datetime import timedelta

import pytest

from campaigns.storage.relay_states import Noted, note_providers, note_relays
from core.clock import now
from core.database import Database
from core.errors import Misconfigured
from core.settings import load_settings
from sender import send


@pytest.fixture
def two(house, monkeypatch: pytest.MonkeyPatch, tmp_path):
    """A house with two servers of which one rests, and a provider that pushes back."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]  # nobody listens there
    today = now().date()
    urls = f"smtp://127.0.0.1:{port}?name=mx1&warmup={today}:50&warmup-gmail={today - timedelta(days=9)}:5 smtp://127.0.0.1:{port}?name=mx2"
    monkeypatch.setenv("HEEDFUL_SMTP_URL", urls)
    database = Database(f"sqlite:///{tmp_path / 'heedful.db'}")
    soon = now() + timedelta(minutes=5)
    with database.writing() as session:
        note_relays(session, [Noted("mx1", 1, 3, 2, soon, "421 going down")], at=now())
        note_providers(session, [Noted("gmail", bad=3, misses=4, paused_until=soon, said="421 slower")], at=now())
    database.close()
    return house


def test_what_is_known_is_told_in_words_and_for_programs(two):
    said = two("relays").output
    for told in ("mx1", "resting", "421 going down", "today 0 of 50", "any number gmail", "mx2", "well", "pushes back"):
        assert told in said, told
    facts = json.loads(two("relays", "--json").output)
    assert [(each["name"], each["state"]) for each in facts["relays"]] == [("mx1", "resting"), ("mx2", "well")]
    assert facts["back_offs"][0]["provider"] == "gmail"
    assert (facts["rates"], facts["waiting"]) == ([], {})


def test_a_rest_is_ended_by_name(two):
    for name in ("mx1", "gmail"):
        assert two("relays", "--retry", name).exit_code == 0
    said = two("relays").output
    assert "resting" not in said
    assert "pushes back" not in said
    assert two("relays", "--retry", "nobody").exit_code == 1


def test_each_server_is_called_and_one_that_fails_is_named(two):
    done = two("relays", "--check")
    assert done.exit_code == 1
    assert "mx1:" in done.output
    assert "mx2:" in done.output
    doctor = two("doctor").output
    assert "mx1:" in doctor


def test_the_built_in_mailbox_is_always_there(house):
    assert house("relays", "--check").exit_code == 0


def test_a_file_that_is_no_certificate_is_named_by_all_that_call_servers(house, monkeypatch, tmp_path):
    (tmp_path / "no.pem").write_text("no certificate")
    monkeypatch.setenv("HEEDFUL_SMTP_URL", f"smtps://mx1.test?cafile={tmp_path / 'no.pem'}")
    for words in (("relays",), ("relays", "--check"), ("doctor",), ("run",)):
        done = house(*words)
        assert done.exit_code == 1, words
        assert "cafile" in done.output + done.stderr, words
        assert "no.pem" in done.output + done.stderr, words
    database = Database(f"sqlite:///{tmp_path / 'heedful.db'}")
    with pytest.raises(Misconfigured, match=r"cafile.*no\.pem"):
        asyncio.run(send(load_settings(), database))
    database.close()
