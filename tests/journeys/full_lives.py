"""Whole lives for the tests of erasure: people of whom there is something in every table and every folder."""

import json
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import func, select, update

from campaigns.storage.clicks import Click
from campaigns.storage.messages import Message
from contacts.domain.addresses import AddressKeys, Pepper, PepperRing, read_address
from contacts.storage.cases import Case
from contacts.storage.signups import Signup
from core.database import Database
from tests.conftest import NOON
from tests.journeys.canaries import CANARY, leaks
from tests.journeys.houses import GIVEN, House
from tests.journeys.mails import Mail
from tests.journeys.pressing import press
from tests.journeys.test_answer_walk import SURVEY
from tests.journeys.test_link_crawl import BROWSER

OTHER = "oberon@example.org"
SECRETS = ("Quirina", "Xanthopulos", "Zephyrine7", "Wunderhorn", "Klabautermann", "Drachenfels")
"""What is known of the canary besides the address: names, an attribute, an answer, words of a letter, a page."""
OTHERS_SECRETS = ("Oberon", "Waldmeister", "Saphir9", "Nachtigall", "Rotkehlchen", "Siebenberg")
HEADER = ["email", "given_name", "family_name", "topics", "plan", "birth_date"]
TOPICS = "announcements;updates;offers;other;research;tracking"


def keys_of(house: House, address: str = CANARY) -> AddressKeys:
    """The keys of an address in this house."""
    pepper: Pepper = PepperRing.of(house.settings).peppers[0]
    return pepper.keys(read_address(address))


def live_fully(house: House) -> None:
    """Let the canary and somebody else leave a trace wherever there can be one."""
    people = ((CANARY, SECRETS), (OTHER, OTHERS_SECRETS))
    house.bring_table([HEADER, *([who, said[0], said[1], TOPICS, said[2], ""] for who, said in people)])
    _be_rejected(house, [who for who, _ in people])
    (house.folder / "satisfaction.toml").write_text(SURVEY, encoding="utf-8")
    house.told("survey", "apply", "satisfaction.toml", "--open")
    house.told("survey", "invite", "satisfaction")
    house.apply("spring")
    house.tick()
    mails = house.send()
    house.tick()
    house.later(minutes=5)
    for who, said in people:
        _read_and_answer(house, [mail for mail in mails if mail.to == who], said[3])
        _ask(house, who, said)
    _until_clicks_are_kept(house, len(people))
    house.apply("summer", when="2026-12-24 09:00")


def _until_clicks_are_kept(house: House, number: int) -> None:
    """Clicks are stored behind the redirect, by a thread of its own."""
    ends, kept = time.monotonic() + 60, 0
    while kept < number and time.monotonic() < ends:
        time.sleep(0.05)
        with house.database.reading() as session:
            kept = session.scalar(select(func.count()).select_from(Click)) or 0
    assert kept == number


def _be_rejected(house: House, addresses: Iterable[str]) -> None:
    """Rows of both in one rejects file, each in an upload of its own and both together in one more."""
    table = house.folder / "broken.csv"
    rows = [f"{who},x,y,{TOPICS},z,no day at all" for who in addresses]
    table.write_text("\n".join([",".join(HEADER), *rows, "nobody,x,y,,z,"]) + "\n", encoding="utf-8")
    assert house.told("import", str(table), *GIVEN, code=1)["rejected"] == 3
    waiting = house.settings.data_dir / "uploads"
    waiting.mkdir(parents=True)
    for number, text in enumerate([rows[0].upper(), rows[1], "\n".join(rows)]):
        (waiting / f"{number:032}").write_text(
            f"{','.join(HEADER)}\n{text}\n", encoding="utf-16" if number else "utf-8"
        )
        (waiting / f"{number:032}.name").write_text("people.csv")


def _read_and_answer(house: House, mails: list[Mail], wish: str) -> None:
    spring = next(mail for mail in mails if mail.message["Subject"] == "Spring")
    asked = next(mail for mail in mails if mail is not spring)
    house.web.get(spring.link("/c/"), headers={"user-agent": BROWSER})
    press(house.web, asked.link("/s/"), {"product": "keys", "recommend": "9"})
    press(house.web, asked.link("/s/"), {"wish": wish})


def _ask(house: House, address: str, said: tuple[str, ...]) -> None:
    """What other parts of the house write down: a sign-up, a letter, a server's reply that repeats the address."""
    keys = keys_of(house, address)
    own = {"address": address, "address_key": keys.own, "family_key": keys.family}
    with house.database.writing() as session:
        session.add(
            Signup(
                **own, form_id=1, topics=[], given_name=said[0], family_name=said[1], source="mailing_list",
                wording_hash="0" * 64, policy_version="2026-01", page=f"https://example.org/{said[5]}",
                requested_at=NOON, expires_at=NOON + timedelta(days=365),
            )
        )  # fmt: skip
        session.add(
            Case(
                **own, kind="question", door="contact_form", words=f"Dear {said[4]}", notes=f"{said[0]} called",
                opened_at=NOON, due_at=NOON + timedelta(days=30),
            )
        )  # fmt: skip
        reply = f"550 5.1.1 <{address}> unknown"
        session.execute(update(Message).where(Message.address_key == keys.own).values(reply=reply))


def traces(data: bytes | str) -> list[str]:
    """Under which spellings the canary's address, or anything else known of them, stands in the data."""
    found = leaks(data)
    raw = data.encode() if isinstance(data, str) else data
    lowered = raw.replace(b"=\r\n", b"").replace(b"=\n", b"").lower()
    for word in (*SECRETS, CANARY):
        found += [f"{word} {name}" for name, spelling in _spellings(word) if spelling.lower() in lowered]
    return found


def _spellings(word: str) -> Iterator[tuple[str, bytes]]:
    yield "plain", word.encode()
    yield "hex", word.encode().hex().encode()
    yield "percent", quote(word, safe="").encode()
    yield "quoted-printable", "".join(f"={ord(letter):02X}" for letter in word).encode()
    yield "json", json.dumps(word).encode()
    yield "utf-16", word.encode("utf-16-le")
    for shift in range(3):
        whole = b"\0" * shift + word.encode()
        for encode in (b64encode, urlsafe_b64encode):
            yield "base64", encode(whole[: len(whole) - len(whole) % 3])[4 if shift else 0 :]


def files_of(house: House) -> dict[str, bytes]:
    """Every file below the data folder, and of SQLite the database's own."""
    folders = [path for path in house.settings.data_dir.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in [*folders, *_own_files(house.database)]}


def _own_files(database: Database) -> list[Path]:
    if database.dialect != "sqlite":
        return []
    name = Path(str(database.engine.url.database))
    return [path for path in (name, name.with_name(f"{name.name}-wal")) if path.exists()]
