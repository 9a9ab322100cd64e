from datetime import UTC, datetime, timedelta

import pytest

from campaigns.domain.machines import (
    BURST_LINKS,
    SCAN_WINDOW,
    Hit,
    MachineSign,
    machine_sign_of_request,
    machine_sign_of_timing,
)

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)


CUBOT = "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 21) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.mark.parametrize("agent", [FIREFOX, PHONE, CUBOT])
def test_a_reader_with_a_browser_is_no_machine(agent):
    assert machine_sign_of_request(Hit("GET", AT, {"user-agent": agent})) is None


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST"])
def test_only_a_get_can_be_a_reader(method):
    assert machine_sign_of_request(Hit(method, AT, {"user-agent": FIREFOX})) is MachineSign.METHOD


@pytest.mark.parametrize(
    ("header", "value"),
    [("purpose", "prefetch"), ("sec-purpose", "prefetch;prerender"), ("x-moz", "prefetch"), ("x-purpose", "preview")],
)
def test_a_prefetch_is_a_machine(header, value):
    hit = Hit("GET", AT, {"user-agent": FIREFOX, header: value})
    assert machine_sign_of_request(hit) is MachineSign.PREFETCH


@pytest.mark.parametrize("headers", [{}, {"user-agent": "  "}])
def test_a_hit_without_an_agent_is_a_machine(headers):
    assert machine_sign_of_request(Hit("GET", AT, headers)) is MachineSign.NO_AGENT


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "curl/8.5.0",
        "python-requests/2.34",
        "Go-http-client/2.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36",
        "Barracuda Sentinel (EE)",
        "Slackbot-LinkExpanding 1.0",
        "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
    ],
)
def test_known_scanners_and_tools_are_machines(agent):
    assert machine_sign_of_request(Hit("GET", AT, {"user-agent": agent})) is MachineSign.AGENT


def test_a_hit_on_a_message_that_was_never_handed_over_is_a_machine():
    assert machine_sign_of_timing(AT, None, 0) is MachineSign.NOT_HANDED_OVER


def test_a_hit_within_seconds_of_the_handover_is_a_machine_and_a_later_one_is_not():
    assert machine_sign_of_timing(AT + SCAN_WINDOW - timedelta(milliseconds=1), AT, 0) is MachineSign.TOO_SOON
    assert machine_sign_of_timing(AT + SCAN_WINDOW, AT, 0) is None


def test_many_links_of_one_message_at_once_are_a_machine():
    later = AT + timedelta(hours=1)
    assert machine_sign_of_timing(later, AT, BURST_LINKS - 1) is None
    assert machine_sign_of_timing(later, AT, BURST_LINKS) is MachineSign.BURST
