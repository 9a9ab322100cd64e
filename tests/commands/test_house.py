"""The terminal: the house is set up once, kept safe, and faults are told in one sentence with exit code 1."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from socket import socket

import pytest

from manage import COMMANDS


def test_init_writes_secrets_once_and_for_the_owner_only(house, tmp_path: Path):
    env = tmp_path / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    before = env.read_text()
    again = house("init")
    assert again.exit_code == 0
    assert env.read_text() == before
    assert json.loads(house("operator", "list", "--json").output) == {"me@example.org": "admin"}


def test_init_takes_secrets_from_the_environment(empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEEDFUL_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("HEEDFUL_PEPPER", "p" * 40)
    assert "heedful operator add" in empty("init").output
    assert not (tmp_path / ".env").exists()


def test_without_a_house_every_command_says_what_to_do(empty, monkeypatch: pytest.MonkeyPatch):
    done = empty("verify")
    assert done.exit_code == 1
    assert "heedful init" in done.output
    monkeypatch.setenv("HEEDFUL_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("HEEDFUL_PEPPER", "p" * 40)
    assert "heedful init" in empty("verify").output


def test_another_pepper_stops_everything(house, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEEDFUL_PEPPER", "p" * 40)
    done = house("explain", "ann@example.org")
    assert done.exit_code == 1
    assert "HEEDFUL_PEPPER" in done.output


def test_operators_are_added_listed_and_given_passwords(house):
    added = house("operator", "add", "kim@example.org", "--role", "analyst", "--password-file", "-", given="x" * 20)
    assert added.exit_code == 0
    assert house("operator", "password", "kim@example.org", "--password-file", "-", given="y" * 20).exit_code == 0
    assert house("operator", "password", "lee@example.org", "--password-file", "-", given="y" * 20).exit_code == 1
    short = house("operator", "add", "lee@example.org", "--password-file", "-", given="short")
    assert short.exit_code == 1
    assert "12 to 200" in short.output
    asked = house("operator", "add", "lee@example.org", given="z" * 20 + "\n" + "z" * 20 + "\n")
    assert asked.exit_code == 0
    assert "analyst" in house("operator", "list").output


def test_migrate_says_when_all_is_current(house):
    assert "this version" in house("migrate").output


def test_the_doctor_finds_nothing_and_then_each_fault(house, monkeypatch: pytest.MonkeyPatch):
    assert house("doctor").exit_code == 0
    monkeypatch.setenv("HEEDFUL_SMTP_URL", "smtp://127.0.0.1:1")
    for name in ("EMAIL", "POSTAL_ADDRESS"):
        monkeypatch.setenv(f"HEEDFUL_SENDER_{name}", "")
    monkeypatch.setenv("HEEDFUL_PRIVACY_URL", "")
    sick = house("doctor", "--json")
    assert sick.exit_code == 1
    told = json.loads(sick.output.splitlines()[0])
    assert {name for name, said in told.items() if said.startswith("FAULT")} == {
        "mail server", "sender", "postal address", "privacy policy",
    }  # fmt: skip


def test_the_doctor_sees_a_wrong_pepper_and_an_unusable_folder(house, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HEEDFUL_PEPPER", "p" * 40)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HEEDFUL_DATA_DIR", str(tmp_path / "file"))
    told = house("doctor").output
    assert "pepper           FAULT" in told
    assert "data folder      FAULT" in told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(empty, name):
    done = empty(name, "--help")
    assert done.exit_code == 0, done.output
    if name not in {"operator", "pepper"}:
        assert "Example" in done.output


def test_an_unknown_command_is_no_crash(empty):
    assert empty("dance").exit_code == 2


def test_help_imports_no_command():
    loaded = (
        "import sys, manage; from click.testing import CliRunner; r = CliRunner().invoke(manage.main, ['--help']); "
    )
    check = "print(r.exit_code, sorted(m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'jinja2', 'rich')))"
    done = subprocess.run([sys.executable, "-c", loaded + check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0 []"


def test_run_keeps_its_parts_going_and_ends_them_all(house, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import urllib.error
    import urllib.request

    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"HEEDFUL_PORT": str(port), "HEEDFUL_BASE_URL": f"http://127.0.0.1:{port}"}
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen([sys.executable, "-m", "manage", "run"], env=env, stderr=log, cwd=tmp_path)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                    assert answer.read() == b"ok"
                break
            except (urllib.error.URLError, OSError):
                assert running.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.1)
    finally:
        running.terminate()
        assert running.wait(30) == 0, (tmp_path / "log").read_text()
    with socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_that_is_taken_is_told_before_anything_starts(house, monkeypatch: pytest.MonkeyPatch):
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("HEEDFUL_PORT", str(taken.getsockname()[1]))
        for command in ("run", "serve"):
            refused = house(command)
            assert refused.exit_code == 1
            assert "HEEDFUL_PORT" in refused.output


@pytest.mark.kill
def test_the_parts_end_with_a_household_that_is_killed(house, tmp_path: Path):
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "log").open("wb") as log:
        environment = os.environ | {"HEEDFUL_PORT": str(port)}
        running = subprocess.Popen([sys.executable, "-m", "manage", "run"], env=environment, stderr=log, cwd=tmp_path)
    deadline = time.monotonic() + 30
    while not _listens(port):
        assert time.monotonic() < deadline, (tmp_path / "log").read_text()
        time.sleep(0.1)
    running.kill()
    running.wait()
    while _listens(port):
        assert time.monotonic() < deadline, "a part lives on"
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_init_asks_nobody_where_nobody_is(empty, tmp_path: Path):
    refused = empty("init", "--email", "me@example.org", given="")
    assert refused.exit_code == 1
    assert "--password-file" in refused.output
    assert not (tmp_path / ".env").exists()


@pytest.mark.parametrize("pepper", ["p" * 40, "", f"{'p' * 40},", f"{'p' * 40},{'p' * 40}"])
@pytest.mark.parametrize("door", ["scheduler", "sender"])
def test_no_door_opens_with_another_pepper_or_none(house, tmp_path: Path, door, pepper):
    environment = os.environ | {"HEEDFUL_PEPPER": pepper}
    done = subprocess.run(
        [sys.executable, "-m", door], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "HEEDFUL_PEPPER" in done.stderr


def test_the_web_does_not_serve_under_another_pepper(house, monkeypatch: pytest.MonkeyPatch):
    import app
    from core.errors import Misconfigured

    monkeypatch.setattr("contacts.services.open_house.set_up_logs", lambda **_: None)
    monkeypatch.setenv("HEEDFUL_PEPPER", "p" * 40)
    with pytest.raises(Misconfigured, match="HEEDFUL_PEPPER"):
        app.application()
