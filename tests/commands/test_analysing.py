"""`heedful survey analyse`: published figures of real surveys, and a whole analysis of a small file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands.surveying import survey
from core.errors import HeedfulError

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "survey-data"
ROWS = [("York", "Yes", 9), ("York", "Yes", 10), ("Bath", "No", 3), ("Bath", "", 7)]


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A file of answers: forty times four people, and a line that cannot be read."""
    file = tmp_path / "answers.csv"
    lines = [f"{town},{rude},{mark}" for town, rude, mark in ROWS * 40]
    file.write_text("\n".join(["Town,Rude?,Mark", *lines, "broken"]), encoding="utf-8")
    return file


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    file = tmp_path / "targets.toml"
    file.write_text("[Town]\nYork = 75\nBath = 25\n", encoding="utf-8")
    return file


def analysed(*words: str | Path) -> Result:
    result = CliRunner().invoke(survey, ["analyse", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.parametrize(
    ("file", "question", "answers", "share", "base"),
    [
        ("flying-etiquette-survey--flying-etiquette.csv", "recline your seat on a plane", "Yes*", 41.2, 854),
        ("comma-survey--comma-survey.csv", "gramatically correct", "*honest, kind, and loyal.", 56.8, 1129),
    ],
)
def test_the_published_figures_of_two_real_surveys_are_reproduced(file, question, answers, share, base):
    if not (CORPUS / file).exists():
        pytest.skip(f"needs {file} in ../shared/corpus/survey-data")
    if answers.startswith("*"):
        answers = f"It's important for a person to be {answers[1:]}"
    told = analysed(CORPUS / file, "--question", question, "--net", f"Net={answers}", "--by", "Gender", "--json")
    facts = json.loads(told.output)["questions"][0]
    assert (facts["base"]["count"], round(100 * facts["nets"][0]["share"], 1)) == (base, share)
    assert [table["by"] for table in facts["tables"]] == ["Gender"]
    shown = analysed(CORPUS / file, "--question", question, "--net", f"Net={answers}").output
    assert f"({base} in the base" in shown
    assert f"{share}%" in shown


def test_without_a_question_the_columns_are_listed(answers):
    told = analysed(answers).output
    assert told.splitlines()[0] == "160 rows, 3 columns"
    assert "#2      120 answers,     2 different  Rude?" in told
    assert json.loads(analysed(answers, "--json").output)["columns"][2]["as"] == "numbers"


def test_a_whole_analysis_is_told(answers):
    told = analysed(answers, "--question", "rude", "--question", "mark", "--by", "town", "--of-all").output
    assert "Lines that could not be read and are left out: 162 (in all 1)" in told
    assert "(160 in the base, 40 did not answer)" in told
    assert "χ²(1) = " in told
    assert "Independence: chi-square with continuity correction (Yates 1934)." in told
    assert "mean 7.25" in told
    assert "B      80      9.50" in told
    assert "above A" in told
    assert "F(1, " in told


def test_weights_and_scores_are_told(answers, targets):
    told = analysed(answers, "--question", "mark", "--as", "nps", "--targets", targets, "--trim", "3").output
    assert "Weights: rounds 2, error " in told or "Weights: rounds 1, error " in told
    assert "effective 128" in told
    assert "NPS 62.5" in told
    facts = json.loads(analysed(answers, "--question", "mark", "--targets", targets, "--json").output)
    assert round(facts["weights"]["design_effect"], 2) == 1.25
    by_column = analysed(answers, "--question", "rude", "--weight", "mark", "--where", "mark>0").output
    assert "Weighted: the effective number of answers" in by_column


def test_words_and_ticked_columns_are_told(answers):
    told = analysed(
        answers, "--question", "rude", "--as", "words", "--tick", "Either=Rude?|Town", "--where", "Town=York"
    )
    assert "2 different answers" not in told.output
    assert "1 different answers" in told.output
    assert "Either  (80 in the base" in told.output


@pytest.mark.parametrize(
    "words",
    [
        ("--question", "colour"),
        ("--question", "rude", "--trim", "4"),
        ("--question", "rude", "--weight", "mark", "--targets"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_a_sentence(answers, targets, words):
    given = [*words, str(targets)] if words[-1] == "--targets" else list(words)
    refused = CliRunner().invoke(survey, ["analyse", str(answers), *given])
    assert isinstance(refused.exception, HeedfulError)
