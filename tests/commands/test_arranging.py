"""`heedful topic`: topics and limits in the terminal."""

import json

import pytest

EVENTS = ("topic", "add", "marketing:events", "--title", "Events", "--description", "Where to meet us")


def told(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_lattice_is_listed_each_below_what_covers_it(house):
    lines = house("topic", "list").output.splitlines()
    found = [line.strip().split()[0] for line in lines]
    assert found[:3] == ["everything", "marketing", "announcements"]
    assert found[-2:] == ["partners", "research"]
    assert "at most 4/90 days" in lines[-1]


def test_a_topic_is_added_renamed_archived_and_reopened(house):
    assert told(house(*EVENTS, "--json"))["state"] == "open"
    changed = told(house("topic", "rename", "marketing:events", "--title", "Fairs", "--json"))
    assert (changed["title"], changed["description"]) == ("Fairs", "Where to meet us")
    assert told(house("topic", "archive", "marketing:events", "--why", "none", "--json"))["state"] == "archived"
    assert "Fairs · archived" in house("topic", "list").output
    assert told(house("topic", "reopen", "marketing:events", "--json"))["state"] == "open"
    assert told(house("topic", "list", "--count", "--json"))["marketing:events"]["once said yes"] == 0


def test_limits_are_set_part_by_part(house):
    first = told(house("topic", "limit", "offers", "--cap", "4/30", "--quiet", "21:00-08:00", "--json"))
    assert (first["cap"], first["quiet hours"]) == ("4/30", "21:00-08:00")
    second = told(house("topic", "limit", "offers", "--cap", "2/7", "--json"))
    assert (second["cap"], second["quiet hours"]) == ("2/7", "21:00-08:00")
    third = told(house("topic", "limit", "offers", "--quiet", "none", "--json"))
    assert (third["cap"], third["quiet hours"]) == ("2/7", "none")
    assert told(house("topic", "limit", "everything", "--cap", "8/30", "--json"))["state"] == "group"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "partner:acme", "--title", "Acme"), "cannot be the name of a new topic"),
        (("add", "marketing:x", "--title", "Special offers"), "has this title already"),
        (("rename", "offers"), "Give a --title or a --description."),
        (("rename", "nothing", "--title", "x"), "There is no topic"),
        (("limit", "offers"), "Give a --cap or --quiet."),
        (("limit", "offers", "--cap", "often"), "is no cap"),
        (("limit", "tracking", "--cap", "1/1"), "There is no topic"),
        (("archive", "marketing"), "There is no topic"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_1(house, arguments, said):
    result = house("topic", *arguments)
    assert result.exit_code == 1
    assert said in result.output
