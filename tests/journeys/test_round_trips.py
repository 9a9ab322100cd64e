"""Every delivered mail read back by Python's own package: no defects, headers as written, both parts as rendered."""

import re
from datetime import UTC
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from campaigns.mail.rewriting import links_in_html
from tests.campaigns.scenes import make_draft, scheduled
from tests.conftest import NOON
from tests.journeys.houses import TOPICS, House
from tests.journeys.mails import Mail, html_links, text_links
from tests.journeys.test_answer_walk import SURVEY

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "mail-templates"
CORPUS_MAILS = sorted(CORPUS.glob("*/*.html"))
PEOPLE = {
    "ann@example.org": "Ann",
    "noa+list@xn--bcher-kva.example": "נועה",
    "lang@example.com": "Ångström-" * 9 + "Länge, d. J.",
    "o'neil@example.net": 'Quinn "Q" O\'Neil',
}


@pytest.fixture
def mails(house: House) -> list[Mail]:
    """A small run: an announcement, an offer, an invitation, to people with names of several scripts."""
    quoted = [[address, TOPICS, '"' + name.replace('"', '""') + '"'] for address, name in PEOPLE.items()]
    house.bring_table([["email", "topics", "given_name"], *quoted])
    (house.folder / "satisfaction.toml").write_text(SURVEY, encoding="utf-8")
    house.told("survey", "apply", "satisfaction.toml", "--open")
    house.told("survey", "invite", "satisfaction")
    house.apply("spring")
    house.apply("sale", topic="offers")
    house.tick()
    mails = house.send()
    assert len(mails) == 3 * len(PEOPLE)
    return mails


def has_no_defect(mail: Mail) -> None:
    """MIME and headers as Python's package wants them; no line that is too long, no bare line end."""
    assert [part.defects for part in mail.message.walk()] == [[], [], []]
    assert [name for name, value in mail.message.items() if value.defects] == []
    lines = mail.raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^?]+\?[QqBb]\?[^?]*\?=", mail.raw))
    assert mail.message.get_content_type() == "multipart/alternative"


def has_one_receiver(mail: Mail) -> None:
    """G4: one To, no copies, and every header once."""
    assert [address for _, address in getaddresses([str(mail.message["To"])])] == [mail.to]
    names = [name.lower() for name in mail.message]
    assert not {"cc", "bcc", "resent-to"} & set(names)
    assert len(set(names)) == len(names)


def shows_the_ways_out(mail: Mail) -> None:
    """G20: https first, mailto second, whole as they were written; a visible link; the postal address."""
    https, mailto = mail.ways_out
    assert https == mail.link("/u/")
    assert mailto == f"mailto:leave@example.org?subject=unsubscribe%20{https.rpartition('/')[2]}"
    assert f"List-Unsubscribe: <{https}>,\r\n <{mailto}>\r\n".encode() in mail.raw
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(urlsplit(https).path) < 78
    assert "1 Example Street" in mail.text


def says_who_and_when(mail: Mail) -> None:
    """The other headers; none tells more about the receiver than To does."""
    message = mail.message
    assert re.fullmatch(r"<[0-9a-f]{32}@127\.0\.0\.1>", str(message["Message-ID"]))
    assert parsedate_to_datetime(str(message["Date"])).astimezone(UTC) == NOON
    assert re.fullmatch(r"Halcyon Audio <everything\.127\.0\.0\.1>", str(message["List-Id"]))
    assert re.fullmatch(r"c\d+:m\d+:(announcements|offers|research):heedful", str(message["Feedback-ID"]))
    assert str(message["From"]) == "Halcyon Audio <news@example.org>"
    assert message["Subject"] in {"Spring", "How is it working for you?", "Sale"}
    # the older reader: policy.default of Python 3.11 keeps the blank between two encoded words of a name
    ((name, _address),) = getaddresses([message_from_bytes(mail.raw)["To"]])
    assert str(make_header(decode_header(name))) == PEOPLE[mail.to]


def test_every_mail_is_read_back_as_it_was_written(mails: list[Mail]):
    for mail in mails:
        for judge in (has_no_defect, has_one_receiver, shows_the_ways_out, says_who_and_when):
            judge(mail)
    assert len({str(mail.message["Message-ID"]) for mail in mails}) == len(mails)


def test_text_and_html_are_what_was_rendered_apart_from_the_links(house: House, mails: list[Mail]):
    for mail in mails:
        name = {"Spring": "spring", "Sale": "sale"}.get(str(mail.message["Subject"]), "satisfaction-invitation")
        for part, found in (("html", mail.html), ("text", mail.text)):
            shown = house.heedful("campaign", "preview", name, "--as", mail.to, "--part", part)
            body = shown if part == "html" else shown.partition("\n\n")[2]
            assert stripped(found) == stripped(body)


def stripped(written: str) -> str:
    """A part without its addresses, which are signed anew for each mail."""
    return re.sub(r"https?://[^\s\"<>]+", "#", written).replace("\r\n", "\n").strip()


def test_click_throughs_lead_to_what_the_preview_shows_in_the_same_order(house: House, mails: list[Mail]):
    for mail in mails:
        if mail.message["Subject"] != "Spring":
            continue
        shown = house.heedful("campaign", "preview", "spring", "--as", mail.to, "--part", "html")
        assert [led(house, url) for url in html_links(mail.html)] == [led(house, url) for url in html_links(shown)]
        assert sum("/c/" in url for url in html_links(mail.html)) >= 3
        plain = house.heedful("campaign", "preview", "spring", "--as", mail.to)
        assert [led(house, url) for url in text_links(mail.text)] == [led(house, url) for url in text_links(plain)]


def led(house: House, url: str) -> str:
    """Where an address leads: through a click-through, and to the kind of page for signed ones."""
    path = urlsplit(url).path
    if url.startswith(house.settings.base_url) and path.startswith("/c/"):
        return str(house.web.get(url).headers["location"])
    return path[:3] if url.startswith(house.settings.base_url) else url


@pytest.mark.skipif(not CORPUS_MAILS, reason="the mail corpus is not here: ../shared/corpus/mail-templates")
def test_the_links_of_all_corpus_mails_lead_where_they_led(house: House):
    house.bring(["ann@example.org"])
    sources = {f"corpus-{place}": path.read_text(encoding="utf-8") for place, path in enumerate(CORPUS_MAILS)}
    with house.database.writing() as session:
        for name, html in sources.items():
            scheduled(session, make_draft(name, html=f"{{% raw %}}{html}{{% endraw %}}", text="", subject=name))
    house.tick()
    mails = {str(mail.message["Subject"]): mail for mail in house.send()}
    assert set(mails) == set(sources)
    wrapped = 0
    for name, html in sources.items():
        written = mails[name].html
        assert [led(house, url) for url in html_links(written)] == html_links(html), name
        assert [led(house, url) for url in links_in_html(written)] == links_in_html(html), name
        assert {led(house, url) for url in text_links(mails[name].text)} == set(links_in_html(html, outlook=False)), (
            name
        )
        wrapped += written.count("/c/")
    assert wrapped > 50
