"""What cannot be used is said in one sentence, whichever command got it: texts, numbers, a full disk behind it."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import manage

ROOT = Path(manage.__file__).parent
LATIN = "Zo\xeb".encode("latin-1")


def test_files_that_are_no_text_are_told_alike(house, tmp_path: Path):
    (tmp_path / "latin.txt").write_bytes(LATIN)
    (tmp_path / "answers.csv").write_text("a\nx\n")
    commands = (
        ("verify", "--anchor-file", "latin.txt"),
        ("survey", "analyse", "answers.csv", "--question", "a", "--targets", "latin.txt"),
        ("policy", "publish", "2027-01", "--preset", "strict", "--text", "latin.txt"),
        ("operator", "add", "kim@example.org", "--password-file", "latin.txt"),
        ("campaign", "apply", "latin.txt"),
        ("survey", "apply", "latin.txt"),
        ("survey", "weights", "set", "x", "latin.txt"),
    )
    for command in commands:
        done = house(*command)
        said = "heedful: The file latin.txt is not UTF-8 text. Save it as UTF-8, and try again.\n"
        assert (command, done.exit_code, done.output) == (command, 1, said)


def test_numbers_and_words_that_no_table_holds_are_refused(house, tmp_path: Path):
    (tmp_path / "answers.csv").write_text("a\nx\n")
    huge, nan = str(2**63), "nan"
    commands = (
        ("case", "show", huge),
        ("token", "revoke", huge),
        ("campaign", "unknown", "spring", "--message", huge, "--decide", "lost"),
        ("survey", "results", "x", "--population", huge),
        ("survey", "response-rates", "x", "--e", nan),
        ("survey", "analyse", "answers.csv", "--level", nan),
        ("survey", "analyse", "answers.csv", "--trim", nan),
        ("token", "add", "\udcff"),
        ("opt-out", "ann@example.org", "--evidence", "a\udcff"),
    )
    for command in commands:
        done = house(*command)
        assert (command, done.exit_code) == (command, 2)
        assert "Error: Invalid value" in done.output
    none = house("explain", "ann@example.org", "--mailing", "-1")
    assert (none.exit_code, none.output) == (1, "heedful: There is no mailing -1.\n")


def test_a_reject_ends_in_one_full_stop_and_every_example_has_its_line(house, tmp_path: Path):
    (tmp_path / "people.csv").write_text("email\nbroken\n")
    done = house("import", "people.csv", "--source", "purchase", "--source-time", "2026-03-01", "--evidence", "till")
    assert "An email address must have an @-sign. Correct the address\n" in done.output
    assert "satisfaction.lss\n  Example:" in house("survey", "import", "--help").output


@pytest.mark.parametrize("errno", [28, 21])
def test_what_the_system_refuses_is_told_without_a_trace(monkeypatch, errno: int):
    @click.command()
    def refused() -> None:
        raise OSError(errno, os.strerror(errno), "/somewhere/else.csv")

    monkeypatch.setattr(manage.LazyGroup, "get_command", lambda *_: refused)
    done = CliRunner().invoke(manage.main, ["refused"])
    assert (done.exit_code, done.output) == (1, f"heedful: else.csv: {os.strerror(errno)}.\n")


def test_output_that_finds_no_room_ends_in_one_sentence(tmp_path: Path):
    """In a process of its own: what is left in a buffer is tried once more at the interpreter's end."""
    (tmp_path / "a.csv").write_text("a\nx\n")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))"
    code = f"{limit}; import manage; manage.main(['survey', 'analyse', 'a.csv'])"
    with (tmp_path / "full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-Bc", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full, stderr=subprocess.PIPE, check=False, text=True,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "heedful: File too large.\n")
