"""A terminal in a folder of its own, with a fresh house in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from manage import main

HEEDFUL = {
    "HEEDFUL_SENDER_NAME": "Halcyon Audio",
    "HEEDFUL_SENDER_EMAIL": "news@example.org",
    "HEEDFUL_SENDER_POSTAL_ADDRESS": "Halcyon Audio, 1 Example Street, Exampletown",
    "HEEDFUL_PRIVACY_URL": "https://example.org/privacy",
    "HEEDFUL_LOG_LEVEL": "error",
}
PASSWORD = "a long enough password"
Run = Callable[..., Result]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The `heedful` command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name, value in HEEDFUL.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("contacts.services.open_house.set_up_logs", lambda **_: None)

    def run(*arguments: str | Path, given: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments], input=given)

    return run


@pytest.fixture
def house(empty: Run) -> Run:
    """The same after `heedful init`."""
    done = empty("init", "--email", "me@example.org", "--password-file", "-", given=PASSWORD)
    assert done.exit_code == 0, done.output
    return empty
