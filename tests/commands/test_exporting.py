"""`heedful survey export` and `heedful survey codebook`."""

import json
from pathlib import Path


def test_the_terminal_writes_what_the_files_name_says_and_the_codebook(house, tmp_path: Path):
    (tmp_path / "t.toml").write_text('name = "t"\ntitle = "T"\n[[page]]\nname = "p"\n[[page.question]]\nname = "q"\n'
                                     'kind = "text"\ntext = "Why?"\n')  # fmt: skip
    assert house("survey", "apply", "t.toml", "--open").exit_code == 0
    done = house("survey", "export", "t", "--output", tmp_path / "t.json")
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "t.json").read_text())["responses"] == []
    assert house("survey", "export", "t").output.startswith("\ufeffresponse,version")
    assert json.loads(house("survey", "codebook", "t", "--json").output)["variables"][-1]["name"] == "q"
    assert "q,Why?,text,text,,q,1,q,q" in house("survey", "codebook", "t").output
