"""`heedful dkim` makes keys nobody else can read, prints what DNS must hold, and the doctor compares the two."""

import asyncio
import json
import socket
from collections.abc import Iterator
from threading import Thread

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from sqlalchemy import select

from campaigns.mail.signing_keys import read_keys, record_name, record_value
from campaigns.storage.senders import Sender
from commands import keying
from commands.keying import examined_keys
from core.errors import Misconfigured
from sender import send

NEW = ("dkim", "new", "--domain", "example.org", "--selector", "one")


@pytest.fixture
def records() -> dict[str, str]:
    """What the resolver of the test knows: name → text."""
    return {}


@pytest.fixture
def resolver(records: dict[str, str]) -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks a server on this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        answering = Thread(target=answer, args=(server, records), daemon=True)
        answering.start()
        asks = dns.resolver.Resolver(configure=False)
        asks.nameservers, asks.port = ["127.0.0.1"], server.getsockname()[1]
        yield asks
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", server.getsockname())
        answering.join()


def answer(server: socket.socket, records: dict[str, str]) -> None:
    """Answer until an empty letter comes."""
    while True:
        asked, client = server.recvfrom(4096)
        if not asked:
            return
        query = dns.message.from_wire(asked)
        reply = dns.message.make_response(query)
        name = query.question[0].name
        if text := records.get(name.to_text(omit_final_dot=True)):
            strings = " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", strings))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        server.sendto(reply.to_wire(), client)


def test_a_new_key_is_private_and_its_record_and_setting_are_printed(house, tmp_path, monkeypatch):
    made = json.loads(house(*NEW, "--json").output)
    path = tmp_path / made["file"]
    assert path.stat().st_mode & 0o777 == 0o600
    (key,) = read_keys(made["setting"].partition("=")[2])
    assert (made["name"], made["value"]) == ("one._domainkey.example.org", record_value(key))
    monkeypatch.setenv("HEEDFUL_DKIM_KEYS", made["setting"].partition("=")[2])
    shown = json.loads(house("dkim", "show", "--json").output)
    assert shown["keys"] == [{name: made[name] for name in ("name", "type", "value", "zone")}]
    said = house("dkim", "show").output
    assert made["zone"] in said
    assert "PRIVATE" not in said + json.dumps(made)


def test_a_key_in_use_is_not_written_over(house):
    assert house(*NEW, "--ed25519").exit_code == 0
    again = house(*NEW)
    assert again.exit_code == 1
    assert "already" in again.output
    assert "names no key" in house("dkim", "show").output


def test_a_key_that_cannot_be_read_keeps_the_sender_from_starting(house, settings, database, monkeypatch):
    monkeypatch.setenv("HEEDFUL_DKIM_KEYS", "one:example.org:/nowhere/one.pem")
    found = house("doctor", "--json").output
    assert "FAULT: HEEDFUL_DKIM_KEYS: the key one of example.org, /nowhere/one.pem, cannot be read" in found
    wrong = settings.model_copy(update={"dkim_keys": "one:example.org:/nowhere/one.pem"})
    with pytest.raises(Misconfigured, match="cannot be read"):
        asyncio.run(send(wrong, database, until_idle=True))
    with database.reading() as session:
        assert list(session.scalars(select(Sender.id))) == []


def test_the_doctor_compares_with_dns(house, resolver, records):
    written = json.loads(house(*NEW, "--ed25519", "--json").output)["setting"].partition("=")[2]
    (key,) = read_keys(written)
    with pytest.raises(Misconfigured, match="DNS holds no key"):
        examined_keys(written, resolver)
    records[record_name(key)] = "v=DKIM1; k=rsa; p=AAAA"
    with pytest.raises(Misconfigured, match="DNS holds another key"):
        examined_keys(written, resolver)
    records[record_name(key)] = record_value(key)
    assert examined_keys(written, resolver) == "one of example.org (ed25519): DNS holds its key"
    assert "no key signs" in examined_keys("", resolver)


def test_where_dns_does_not_answer_the_doctor_says_so(house, monkeypatch):
    monkeypatch.setattr(keying, "PATIENCE", 0.2)
    written = json.loads(house(*NEW, "--ed25519", "--json").output)["setting"].partition("=")[2]
    nobody = dns.resolver.Resolver(configure=False)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        nobody.nameservers, nobody.port = ["127.0.0.1"], closed.getsockname()[1]
    nobody.timeout = 0.05
    assert "compare it with `heedful dkim show`" in examined_keys(written, nobody)


def test_a_key_that_others_can_read_is_a_fault(house, tmp_path):
    made = json.loads(house(*NEW, "--ed25519", "--json").output)
    (tmp_path / made["file"]).chmod(0o644)
    with pytest.raises(Misconfigured, match="others can read"):
        examined_keys(made["setting"].partition("=")[2])
