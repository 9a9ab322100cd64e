"""Door by writer: whoever left through any door, and was attacked by any writer, gets nothing over real SMTP."""

from collections import Counter

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from tests.journeys.houses import House, free_port
from tests.oracle.doors_of_the_house import DOORS
from tests.oracle.writers_of_the_house import WRITERS

STAYS = "stays@example.org"
TOPICS = ("announcements", "offers")


class Postbox:
    """A mail server of its own: to whom something was handed over.

    What a stranger's asking brings, one confirmation mail that permits nothing by itself, is counted apart.
    """

    def __init__(self) -> None:
        self.got: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        campaign = b"Subject: Next-" in envelope.content
        (self.got if campaign else self.asked).update(envelope.rcpt_tos)
        return "250 kept"


@pytest.fixture
def postbox(house: House):
    """The house's relay from now on."""
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, SecretStr(f"smtp://127.0.0.1:{port}")
    controller.stop()


def person(door: str, writer: str) -> str:
    return f"{door}.{writer}@example.org"


def test_g1_g8_g19_nothing_arrives_in_any_cell(house: House, postbox):
    cells = {(door, writer): person(door, writer) for door in DOORS for writer in WRITERS}
    house.bring([*cells.values(), STAYS])
    first = house.run("spring")
    assert set(first) == {*cells.values(), STAYS}

    house.later(days=1)
    for (door, _), who in cells.items():
        DOORS[door](house, first[who])
        house.later(seconds=61)
    for writer, attack in WRITERS.items():
        attack(house, [person(door, writer) for door in DOORS])

    box, url = postbox
    house.change(smtp_url=url)
    for topic in TOPICS:
        house.later(days=1)
        house.apply(f"next-{topic}", topic=topic)
        house.tick()
        house.send()
        house.tick()
    doubles = {f"double{number}@example.com" for number in range(len(DOORS))}
    bounced = list(DOORS).index("hard-bounce")  # a dead address says nothing about the one that outlives the merge
    strangers = set(box.got) - doubles - {STAYS, f"heir{bounced}@example.com"}
    assert strangers == set(), f"{len(strangers)} cells of {len(cells)} are not 0"
    assert all(number == 1 for number in box.asked.values())
    assert set(box.asked) <= {person(door, "sign-up-of-somebody-else") for door in DOORS}
    assert box.got[STAYS] == len(TOPICS)
    assert house.told("verify")["fault"] == "none"
