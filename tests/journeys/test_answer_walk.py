"""The walk of an answer: a survey file, an invitation, a personal link, pages pressed, results, and a reminder."""

import csv
import io

import pytest

from tests.journeys.houses import House, adds_up
from tests.journeys.mails import Mail
from tests.journeys.pressing import press

SURVEY = """
name = "satisfaction"
title = "How is it working for you?"
sponsor = "Halcyon Audio"
minutes = 2

[[page]]
name = "use"
[[page.question]]
name = "product"
kind = "single"
text = "What do you use most?"
required = true
choices = [{ name = "studio", label = "Studio" }, { name = "keys", label = "Keys" }]
[[page.question]]
name = "recommend"
kind = "nps"
text = "Would you recommend it?"
required = true

[[page]]
name = "why"
show_if = { question = "recommend", op = "less", value = 7 }
[[page.question]]
name = "reason"
kind = "long_text"
text = "What went wrong?"

[[page]]
name = "end"
[[page.question]]
name = "wish"
kind = "long_text"
text = "What do you wish for?"
"""
SCORES = {"ann@example.org": 10, "ben@example.org": 9, "cem@example.org": 8, "dot@example.org": 3}
DECLINES, SILENT, UNASKED = "eve@example.org", "fay@example.org", "gil@example.org"


@pytest.fixture
def poll(house: House) -> House:
    """A house with an open survey, and people of whom one is not to be asked."""
    house.bring([*SCORES, DECLINES, SILENT])
    house.bring([UNASKED], topics="announcements;offers")
    (house.folder / "satisfaction.toml").write_text(SURVEY, encoding="utf-8")
    house.told("survey", "apply", "satisfaction.toml", "--open")
    return house


def invite(house: House) -> dict[str, Mail]:
    """The invitation, from the terminal to the mailboxes."""
    name = house.told("survey", "invite", "satisfaction")["campaign"]
    house.tick()
    mails = house.send()
    house.tick()
    assert adds_up(house.report(name))
    return {mail.to: mail for mail in mails}


def remind(house: House) -> tuple[set[str], dict[str, int]]:
    """A reminder: whom it reached, and its report."""
    name = house.told("survey", "remind", "satisfaction")["campaign"]
    house.tick()
    reached = {mail.to for mail in house.send()}
    house.tick()
    return reached, house.report(name)


def answer(house: House, mail: Mail, score: int) -> None:
    """Fill in the form to its end, as its pages come."""
    link = mail.link("/s/")
    pages = [{"product": "studio", "recommend": str(score)}]
    if score < 7:
        pages.append({"reason": "=HYPERLINK(1)"})
    pages.append({"wish": "Nothing."})
    ahead = ""
    for given in pages:
        ahead = press(house.web, link, given).headers["location"]
    assert ahead.endswith("thanks=1")
    assert "Thank you" in house.web.get(ahead).text


def test_answers_come_back_as_figures_a_chart_and_a_safe_table(poll: House):
    mails = invite(poll)
    assert set(mails) == {*SCORES, DECLINES, SILENT}
    for address, score in SCORES.items():
        poll.later(minutes=3)
        answer(poll, mails[address], score)
    press(poll.web, mails[DECLINES].link("/s/"), form=1)

    told = poll.told("survey", "results", "satisfaction")
    assert {name: told[name] for name in ("invited", "delivered", "completed", "declined")} == {
        "invited": 6, "delivered": 6, "completed": 4, "declined": 1,
    }  # fmt: skip
    recommend = told["questions"]["recommend"]
    assert recommend["base"] == 4
    assert recommend["nps"]["score"] == pytest.approx(100 * (2 - 1) / 4)
    assert told["questions"]["reason"]["texts"] == 1

    rows = list(csv.DictReader(io.StringIO(poll.heedful("survey", "export", "satisfaction").lstrip("\ufeff"))))
    assert [row["recommend"] for row in rows] == ["10", "9", "8", "3"]
    assert rows[3]["reason"] == "'=HYPERLINK(1)"
    assert not any("@" in cell for row in rows for cell in row.values())

    page = poll.as_operator().get("/console/surveys/1")
    assert page.status_code == 200
    assert page.text.count('<div class="chart ') == 2


def test_a_reminder_reaches_only_who_has_neither_answered_nor_declined(poll: House):
    mails = invite(poll)
    for address, score in SCORES.items():
        answer(poll, mails[address], score)
    press(poll.web, mails[DECLINES].link("/s/"), form=1)
    assert remind(poll)[0] == set(), "too soon"

    poll.later(days=30)
    reached, told = remind(poll)
    assert reached == {SILENT}
    assert (told["excluded: answered"], told["excluded: declined"]) == (4, 1)
    assert adds_up(told)
    answer(poll, mails[SILENT], 6)
    poll.later(days=30)
    assert remind(poll)[0] == set()
    assert poll.told("survey", "results", "satisfaction")["completed"] == 5


def test_who_answers_between_freeze_and_sending_is_not_reminded(poll: House):
    mails = invite(poll)
    poll.later(days=30)
    poll.told("survey", "remind", "satisfaction")
    poll.tick()
    answer(poll, mails[SILENT], 9)
    assert SILENT not in {mail.to for mail in poll.send()}


def test_g13_a_child_flagged_after_the_invitation_is_shown_no_question_and_leaves_no_answer(poll: House):
    mails = invite(poll)
    link = mails["ann@example.org"].link("/s/")
    press(poll.web, link, {"product": "keys", "recommend": "10"})
    poll.bring(["ann@example.org"], child="yes")

    page = poll.web.get(link)
    assert "Would you recommend it?" not in page.text
    assert "<form" not in page.text
    given = {"_page": "use", "_version": "1", "_go": "next", "product": "keys", "recommend": "0"}
    poll.web.post(link, data=given)
    told = poll.told("survey", "results", "satisfaction")
    assert told["completed"] == 0
    assert told["questions"]["recommend"]["base"] == 0
    poll.later(days=30)
    assert "ann@example.org" not in remind(poll)[0]


def test_g14_an_invitation_sells_nothing_and_its_link_is_no_click_through(poll: House):
    for mail in invite(poll).values():
        assert not [link for link in mail.links if "/c/" in link]
        assert "advertisement" not in mail.text
        assert mail.link("/s/") in mail.text


def test_one_link_gives_one_response_however_often_it_is_sent(poll: House):
    mail = invite(poll)["ann@example.org"]
    answer(poll, mail, 10)
    assert "already answered" in poll.web.get(mail.link("/s/")).text
    given = {"_page": "use", "_version": "1", "_go": "next", "product": "keys", "recommend": "0"}
    poll.web.post(mail.link("/s/"), data=given)
    told = poll.told("survey", "results", "satisfaction")
    assert (told["completed"], told["questions"]["recommend"]["mean"]) == (1, 10)


def test_the_invitations_own_way_out_stops_everything_and_the_reminder(poll: House):
    mails = invite(poll)
    poll.web.post(mails[SILENT].one_click, data={"List-Unsubscribe": "One-Click"})
    poll.later(days=30)
    reached, told = remind(poll)
    assert SILENT not in reached
    assert told["excluded: opted_out"] == 1
