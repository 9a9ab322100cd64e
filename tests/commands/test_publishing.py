"""`heedful policy`: versions of the policy in the terminal."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

TEXT = "We write to people who said yes.\n"
PUBLISH = ("policy", "publish", "2099-01", "--preset", "notice", "--text", "privacy.md")


@pytest.fixture
def published(house, tmp_path: Path):
    (tmp_path / "privacy.md").write_text(TEXT)
    done = house(*PUBLISH, "--set", "purchase:offers=consent", "--json")
    assert done.exit_code == 0, done.output
    return house, json.loads(done.stdout)


def test_a_version_is_published_with_its_text_and_what_it_changed(published):
    run, facts = published
    assert facts["sha256 of the text"] == sha256(TEXT.strip().encode()).hexdigest()
    assert facts["changes"]["download:offers"] == "consent → notice:730"
    assert "purchase:offers" not in facts["changes"]
    assert run("policy", "show", "--text").output.strip() == TEXT.strip()
    listed = run("policy", "list").output.splitlines()
    assert listed[0].split()[0] == "2099-01"
    assert listed[0].endswith("in force")
    assert "no text" in listed[1]


def test_the_table_is_shown_source_by_source(published):
    run, _facts = published
    lines = run("policy", "show").output.splitlines()
    offers = next(line for line in lines if line.strip().startswith("offers"))
    assert offers.split() == ["offers", "consent", "notice:730", "notice:730", "none", "consent", "none"]
    first = json.loads(run("policy", "list", "--json").stdout)
    older = next(version for version in first if version != "2099-01")
    assert "Changed since" not in run("policy", "show", older).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*PUBLISH, "--set", "purchase:partners=notice"), "off until the person says yes"),
        ((*PUBLISH, "--set", "gift:offers=none"), "names no cell"),
        (("policy", "show", "2000-01"), "There is no version"),
    ],
)
def test_what_cannot_be_published_or_shown_ends_with_1(house, tmp_path: Path, arguments, said):
    (tmp_path / "privacy.md").write_text(TEXT)
    result = house(*arguments)
    assert result.exit_code == 1
    assert said in result.output


def test_a_version_is_published_once(published):
    run, _facts = published
    assert "never changes" in run(*PUBLISH).output
