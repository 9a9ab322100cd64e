"""A link scanner, as mail providers run them: it opens every link of every mail, and nothing may change by it."""

import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from demo.browsing import SCANNER, Browser
from demo.captures import Capture

WORKERS = 4
MOST_LINKS = 3000
HEARTBEATS = frozenset({"sender", "holding"})
"""Tables in which running processes say that they live."""

SERVER_ERROR = 500


def scan(base_url: str, mails: Iterable[Capture]) -> tuple[int, list[str]]:
    """GET and HEAD every link that leads to the product; return how many requests, and which answers were faults."""
    links = list(dict.fromkeys(link for mail in mails for link in (*mail.links, mail.one_click)))[:MOST_LINKS]
    with ThreadPoolExecutor(WORKERS) as pool:
        faults = list(pool.map(lambda part: _open_all(base_url, part), [links[at::WORKERS] for at in range(WORKERS)]))
    return 2 * len(links), [fault for part in faults for fault in part]


def _open_all(base_url: str, links: list[str]) -> list[str]:
    with Browser(base_url, SCANNER) as browser:
        answers = [ask(link) for link in links if browser.is_ours(link) for ask in (browser.get, browser.head)]
    return [f"{answer.status} for {answer.url}" for answer in answers if answer.status >= SERVER_ERROR]


def fingerprints(database: Path) -> dict[str, str]:
    """One digest for each table, click records too; without the signs of life of running processes."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: _digest(connection, name)
            for name in sorted(names)
            if name not in HEARTBEATS and not name.startswith("sqlite_")
        }
    finally:
        connection.close()


def changed_tables(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The tables that are not as they were."""
    return sorted(name for name in before | after if before.get(name) != after.get(name))


def _digest(connection: sqlite3.Connection, table: str) -> str:
    digest = sha256()
    for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY 1'):  # noqa: S608 - a name from sqlite_master
        digest.update(repr(row).encode())
    return digest.hexdigest()
