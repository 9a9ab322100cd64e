"""`heedful token`: made by an admin, shown once, listed without its secret, revoked by its number."""

import json


def test_a_token_is_made_listed_and_revoked(house):
    made = json.loads(house("token", "add", "web shop", "--json").output)
    assert made["token"].startswith("heedful_")
    told = house("token", "list").output
    assert "web shop, editor, last used never" in told
    assert made["token"] not in told
    assert house("token", "revoke", "1").exit_code == 0
    assert "revoked" in house("token", "list").output
    assert house("token", "revoke", "7").exit_code == 1


def test_who_makes_a_token_must_be_one_admin(house):
    assert house("operator", "add", "kim@example.org", "--role", "admin", "--password-file", "-", given="x" * 14)
    refused = house("token", "add", "shop")
    assert refused.exit_code == 1
    assert "--by" in refused.output
    assert house("token", "add", "shop", "--by", "kim@example.org").exit_code == 0
