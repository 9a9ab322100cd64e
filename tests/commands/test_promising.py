"""The terminal: what people are promised, and forgetting who answered what."""

import json

from tests.commands.test_campaigning import SURVEY


def test_a_promise_is_set_told_and_kept(house):
    name = json.loads(house("survey", "apply", SURVEY, "--json").output)["name"]
    told = house("survey", "promise", name, "--anonymity", "confidential", "--unlink-days", "30", "--json")
    assert json.loads(told.output)["unlink_days"] == 30
    assert json.loads(house("survey", "promise", name, "--access", "public", "--json").output)["access"] == "public"
    assert house("survey", "unlink", name).exit_code == 1
    house("survey", "open", name)
    house("survey", "close", name)
    assert json.loads(house("survey", "unlink", name, "--json").output)["forgotten"] == 0
    assert json.loads(house("survey", "promise", name, "--json").output)["unlinked_at"]
    assert house("survey", "promise", name, "--anonymity", "secret").exit_code == 2
