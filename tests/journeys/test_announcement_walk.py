"""The walk of an announcement: a file, its hour in a named zone, a frozen audience, delivered mail, a report."""

import re
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from tests.journeys.houses import TOPICS, House, adds_up, free_port
from tests.web import csrf

READERS = [f"reader{number}@example.org" for number in range(6)]


@pytest.fixture
def town(house: House) -> House:
    """A house that knows six readers, and some who are left out for one reason each."""
    house.bring_table(
        [
            ["email", "topics", "opted_out", "child"],
            *([reader, TOPICS, "", ""] for reader in READERS),
            ["nobody.asked@example.org", "", "", ""],
            ["gone@example.org", TOPICS, "yes", ""],
            ["small.child@example.org", TOPICS, "", "yes"],
            ["offers.only@example.org", "offers", "", ""],
        ]
    )
    return house


def test_an_announcement_goes_out_at_its_hour_to_those_who_permit_it_and_to_nobody_else(town: House):
    told = town.apply("spring", when="2026-11-23 09:00", zone="Europe/Berlin")
    assert told["state"] == "scheduled"
    assert datetime.fromisoformat(told["due"]) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    town.later(hours=19, minutes=59)
    town.tick()
    assert town.send() == []
    assert town.report("spring")["state"] == "scheduled"

    town.later(minutes=1)
    town.tick()
    frozen = town.report("spring")
    assert (frozen["state"], frozen["planned"], frozen["sent"]) == ("sending", len(READERS), 0)

    assert {mail.to for mail in town.send()} == set(READERS)
    town.tick()
    told = town.report("spring")
    assert (told["state"], told["sent"], told["excluded"]) == ("finished", len(READERS), 3)
    assert told["excluded: no_permission"] == 2
    assert told["excluded: opted_out"] == 1
    assert adds_up(told)
    assert town.send() == []


def test_g17_explain_says_of_each_of_them_why(town: House):
    town.run("spring")
    for address, state, reason in (
        (READERS[0], "sent", None),
        ("gone@example.org", "excluded", "opted_out"),
        ("nobody.asked@example.org", "excluded", "no_permission"),
    ):
        (message,) = town.told("explain", address)["messages"]
        assert (message["state"], message["reason"]) == (state, reason)
    assert town.told("explain", "small.child@example.org")["messages"] == []


def test_g20_a_campaign_that_fails_its_checks_is_kept_as_a_draft_and_reaches_nobody(town: House):
    town.change(sender_postal_address="")
    file = town.folder / "bare.toml"
    file.write_text(
        'name = "bare"\ntitle = "Bare"\ntopic = "announcements"\nsubject = "Bare"\n'
        'html = "<p>Hello {{ contact.nonsense }}</p>"\n[schedule]\nat = "now"\nzone = "UTC"\n'
    )
    told = town.told("campaign", "apply", str(file), code=1)
    assert told["state"] == "draft"
    assert {"error"} <= {each["severity"] for each in told["findings"]}
    town.tick()
    assert town.send() == []


def test_g1_who_leaves_after_the_freeze_is_withheld_with_the_reason(town: House):
    town.apply("spring")
    town.tick()
    town.told("opt-out", READERS[0])
    town.told("opt-out", READERS[1], "--scope", "marketing")
    town.told("opt-out", READERS[2], "--scope", "offers")
    assert {mail.to for mail in town.send()} == set(READERS[2:])
    told = town.report("spring")
    assert (told["sent"], told["withheld"], told["withheld: opted_out"]) == (4, 2, 2)
    assert adds_up(told)


def test_g13_a_child_flagged_after_the_freeze_is_withheld(town: House):
    town.apply("spring")
    town.tick()
    town.bring([READERS[0]], child="yes")
    assert {mail.to for mail in town.send()} == set(READERS[1:])
    assert town.report("spring")["withheld: child"] == 1


def test_g7_a_contact_deleted_after_the_freeze_is_accounted_for(town: House):
    town.apply("spring")
    town.tick()
    town.forget(READERS[0])
    assert {mail.to for mail in town.send()} == set(READERS[1:])
    told = town.report("spring")
    assert (told["cancelled"], told["cancelled: contact_gone"]) == (1, 1)
    assert adds_up(told)


class LeavingWhileWritten:
    """A mail server whose first receiver presses one-click while their mail is being handed over."""

    def __init__(self, house: House, links: dict[str, str]) -> None:
        self.house, self.links = house, links
        self.left = ""
        self.said = ""
        self.kept: list[str] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if not self.left:
            self.left = address
            self.said = self.house.web.post(self.links[address]).text
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.kept += envelope.rcpt_tos
        return "250 kept"


def test_g1_who_leaves_while_their_mail_is_being_written_does_not_get_it(town: House):
    first = town.run("spring")
    relay = LeavingWhileWritten(town, {address: mail.one_click for address, mail in first.items()})
    port = free_port()
    controller = Controller(relay, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        town.change(smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"), sender_connections=1)
        town.apply("summer")
        town.tick()
        town.send()
    finally:
        controller.stop()
    assert "Done" in relay.said
    assert sorted([*relay.kept, relay.left]) == READERS
    told = town.report("summer")
    assert (told["sent"], told["withheld: opted_out"]) == (5, 1)
    assert adds_up(told)


def test_a_pause_holds_a_resume_goes_on_and_nobody_gets_it_twice(town: House):
    town.apply("spring")
    town.tick()
    assert town.told("campaign", "pause", "spring")["state"] == "paused"
    town.tick()
    assert town.send() == []
    town.told("opt-out", READERS[0])
    town.later(hours=1)
    assert town.told("campaign", "resume", "spring")["state"] == "sending"
    assert sorted(mail.to for mail in town.send()) == READERS[1:]
    town.tick()
    told = town.report("spring")
    assert (told["state"], told["sent"], told["withheld"]) == ("finished", 5, 1)


def test_a_cancelled_campaign_ends_for_good_and_the_sums_add_up(town: House):
    town.apply("spring")
    town.tick()
    town.told("campaign", "cancel", "spring")
    assert town.send() == []
    told = town.report("spring")
    assert (told["state"], told["cancelled"], told["sent"]) == ("cancelled", len(READERS), 0)
    assert adds_up(told)
    assert "cancelled" in town.heedful("campaign", "resume", "spring", code=1)


def test_a_campaign_taken_back_before_its_hour_is_a_draft_again_and_goes_nowhere(town: House):
    town.apply("spring", when="2026-11-23 09:00")
    assert town.told("campaign", "take-back", "spring")["state"] == "draft"
    town.later(days=2)
    town.tick()
    assert town.send() == []


def test_the_console_pauses_resumes_and_tells_the_same(town: House):
    town.apply("spring", when="2026-11-23 09:00")
    town.later(days=1)
    town.tick()
    web = town.as_operator()
    page = _page_of(town, "Spring")
    mark = csrf(web, page)
    assert web.post(f"{page}/pause", data={"csrf": mark}).status_code == 303
    assert town.report("spring")["state"] == "paused"
    assert town.send() == []
    assert web.post(f"{page}/resume", data={"csrf": mark}).status_code == 303
    assert len(town.send()) == len(READERS)
    town.tick()
    assert "finished" in web.get(page).text.lower()


def _page_of(town: House, title: str) -> str:
    found = re.search(rf'href="(/console/campaigns/\d+)"[^>]*>\s*{title}', town.web.get("/console/campaigns").text)
    assert found is not None
    return found[1]
