"""`heedful pepper`: a rotation is one command, survives being cut off, forgets nobody and shows no secret."""

import json
import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values

ANN, BOB = "ann@example.org", "bob@example.org"
GIVEN = ("--source", "mailing_list", "--source-time", "2026-03-01", "--evidence", "a form", "--consent", "updates")


def bring(house, tmp_path: Path, *addresses: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\n" + "\n".join(addresses) + "\n")
    done = house("import", file, *GIVEN)
    assert done.exit_code == 0, done.output


def ring(tmp_path: Path) -> list[str]:
    return (dotenv_values(tmp_path / ".env")["HEEDFUL_PEPPER"] or "").split(",")


def state(house) -> dict:
    done = house("pepper", "status", "--json")
    assert done.exit_code == 0, done.output
    told: dict = json.loads(done.output)
    return told


def test_a_rotation_puts_a_fresh_secret_in_front_and_keeps_everybody(house, tmp_path: Path):
    bring(house, tmp_path, ANN)
    (old,) = ring(tmp_path)
    done = house("pepper", "rotate")
    assert done.exit_code == 0, done.output
    assert "Generation 2" in done.output
    fresh, kept = ring(tmp_path)
    assert kept == old
    assert fresh not in done.output
    assert old not in done.output
    bring(house, tmp_path, BOB)
    assert state(house)["generations"] == {"1": 1, "2": 1}
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_g8_an_opt_out_from_before_a_rotation_holds_after_it(house, tmp_path: Path):
    bring(house, tmp_path, ANN)
    assert house("opt-out", ANN).exit_code == 0
    assert house("pepper", "rotate").exit_code == 0
    assert house("pepper", "rotate").exit_code == 0
    told = json.loads(house("explain", "Ann <ANN@Example.org>", "--json").output)
    assert told["contact"]
    assert told["topics"]["updates"] == "opted_out"
    assert house("verify").exit_code == 0


def test_a_rotation_that_was_cut_off_after_the_file_is_ended_by_the_next(house, tmp_path: Path, monkeypatch):
    bring(house, tmp_path, ANN)
    with monkeypatch.context() as cut:
        cut.setattr("commands.peppering._begin", lambda _opened, ring: 1 / 0 if len(ring.peppers) > 1 else None)
        assert isinstance(house("pepper", "rotate").exception, ZeroDivisionError)
    assert len(ring(tmp_path)) == 2
    assert state(house) == {"generations": {"1": 1}, "by_key_alone": 0, "under_none": 0, "newest_waits": True}
    assert "nobody until" in house("pepper", "status").output
    assert "keys nobody until" in house("doctor").output
    bring(house, tmp_path, BOB)
    assert state(house)["generations"] == {"1": 2}
    assert "Generation 2" in house("pepper", "rotate").output
    assert len(ring(tmp_path)) == 2
    assert not state(house)["newest_waits"]


def test_a_lost_older_secret_stops_every_command(house, tmp_path: Path):
    assert house("pepper", "rotate").exit_code == 0
    fresh, old = ring(tmp_path)
    env = tmp_path / ".env"
    whole = env.read_text()
    for rest, lost in ((fresh, 1), (old, 2)):
        env.write_text(whole.replace(f"{fresh},{old}", rest))
        done = house("explain", ANN)
        assert done.exit_code == 1
        assert f"lacks generation {lost} " in done.output
        assert house("pepper", "rotate").exit_code == 1
    env.write_text(whole.replace(f"{fresh},{old}", f"{old}, {fresh}"))
    assert state(house)["generations"] == {"1": 0, "2": 0}


def test_where_the_setting_comes_from_elsewhere_it_is_said_what_to_do(house, tmp_path: Path, monkeypatch):
    (old,) = ring(tmp_path)
    monkeypatch.setenv("HEEDFUL_PEPPER", old)
    refused = house("pepper", "rotate")
    assert refused.exit_code == 1
    assert "in front of it" in refused.output
    assert ring(tmp_path) == [old]
    monkeypatch.setenv("HEEDFUL_PEPPER", f"{'n' * 40},{old}")
    assert "Generation 2" in house("pepper", "rotate").output


@pytest.mark.parametrize("form", ["HEEDFUL_PEPPER={}", 'export HEEDFUL_PEPPER = "{}"', "HEEDFUL_PEPPER='{}' # ours"])
def test_the_line_may_be_written_in_any_way(house, tmp_path: Path, form):
    env, (old,) = tmp_path / ".env", ring(tmp_path)
    env.write_text(env.read_text().replace(f"HEEDFUL_PEPPER={old}", form.format(old)))
    assert house("pepper", "rotate").exit_code == 0
    assert ring(tmp_path)[1:] == [old]
    assert {each.name for each in tmp_path.iterdir() if each.name.startswith(".env")} == {".env"}


def test_a_line_that_cannot_be_changed_safely_stays(house, tmp_path: Path):
    env, (old,) = tmp_path / ".env", ring(tmp_path)
    env.write_text(env.read_text().replace(f"HEEDFUL_PEPPER={old}", f"OLD={old}\nHEEDFUL_PEPPER=\\\n${{OLD}}"))
    before = env.read_text()
    refused = house("pepper", "rotate")
    assert refused.exit_code == 1
    assert env.read_text() == before


def test_people_who_are_no_contacts_or_were_changed_by_hand_are_told_apart(house, tmp_path: Path):
    from sqlalchemy import update

    from contacts.storage.contacts import Contact
    from core.database import Database

    bring(house, tmp_path, ANN, BOB)
    assert house("opt-out", "stranger@example.org").exit_code == 0
    database = Database(f"sqlite:///{tmp_path / 'heedful.db'}")
    for changed in ("eve@example.org", "no address"):
        with database.writing() as session:
            session.execute(update(Contact).where(Contact.address != ANN).values(address=changed))
        assert state(house)["under_none"] == 1
    database.close()
    assert state(house)["by_key_alone"] == 1
    assert "another hand" in house("pepper", "status").output


def test_the_pepper_is_not_in_what_any_door_writes(house, tmp_path: Path):
    secrets = ring(tmp_path)
    assert house("pepper", "rotate").exit_code == 0
    secrets += ring(tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name != ".env":
            assert not any(secret.encode() in path.read_bytes() for secret in secrets), path
