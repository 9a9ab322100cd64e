"""`heedful survey import-answers`: a file of answers becomes a survey with results."""

import json
from pathlib import Path

ROWS = "\n".join(["Town,Mark", *(f"{'York' if place % 3 else 'Bath'},{place % 5 + 1}" for place in range(30))])


def test_a_file_becomes_a_survey_of_its_own_with_results(house, tmp_path: Path):
    file = tmp_path / "answers.csv"
    file.write_text(ROWS, encoding="utf-8")
    looked = house("survey", "import-answers", "towns", file, "--make", "Towns", "--check", "--json")
    assert json.loads(looked.output)["stored"] == 30
    assert "towns" not in house("survey", "list").output
    made = house("survey", "import-answers", "towns", file, "--make", "Towns")
    assert made.exit_code == 0, made.output
    shown = json.loads(house("survey", "results", "towns", "--json").output)
    assert [share["count"] for share in shown["questions"]["town"]["shares"]] == [10, 20]
    assert shown["questions"]["mark"]["mean"] == 3.0
    again = house("survey", "import-answers", "towns", file, "--json")
    assert (json.loads(again.output)["stored"], json.loads(again.output)["known"]) == (0, 30)
    assert "Import into it without --make" in house("survey", "import-answers", "towns", file, "--make", "T").output


def test_rows_with_faults_are_told_and_written_out(house, tmp_path: Path):
    file, left = tmp_path / "answers.csv", tmp_path / "left.csv"
    file.write_text(ROWS, encoding="utf-8")
    assert house("survey", "import-answers", "towns", file, "--make", "Towns").exit_code == 0
    file.write_text("Town,Mark,Colour\nYork,4,red\nParis,many,=1+1\nbroken\n", encoding="utf-8")
    refused = house("survey", "import-answers", "towns", file)
    assert refused.exit_code == 1
    assert "Rows with answers that this survey does not allow: 1" in refused.output
    done = house("survey", "import-answers", "towns", file, "--rejected", left)
    assert "columns not used: Colour" in done.output
    assert "line 3, “Town”: Please choose one of the answers shown." in done.output
    assert "line 4 has 1 cells" in done.output
    assert left.read_text().splitlines()[1].startswith("Paris,many,'=1+1,\"Please choose")


def test_formats_are_named_as_the_help_names_them(house, tmp_path: Path):
    file, back = tmp_path / "answers.csv", tmp_path / "back.csv"
    file.write_text(ROWS, encoding="utf-8")
    assert house("survey", "import-answers", "towns", file, "--make", "Towns").exit_code == 0
    done = house(
        "survey", "export", "towns", "--format", "csv", "--values", "labels", "--gaps", "blank", "--output", back
    )
    assert done.exit_code == 0, done.output
    assert back.read_text(encoding="utf-8-sig").splitlines()[1].endswith(",Bath,1")
