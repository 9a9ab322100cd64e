"""XLSForms judged valid or not: what pyxform 4.5.0 said is kept beside each edit, and asked again where it is at hand.

`HEEDFUL_TEST_PYXFORM=/some/python` names an interpreter that has pyxform; `HEEDFUL_TEST_XLSFORMS=folder` adds workbooks
of one's own, such as pyxform's public fixtures (63 of them agreed); `HEEDFUL_TEST_ORACLE_FORMS=1000` draws more forms.

Where the two differ by design: Heedful notes two headings that say the same whichever comes first (pyxform lets one
pass that is written exactly), and looks neither at entities nor at the parameters of places and audits. pyxform itself
does not read expressions (ODK Validate does), so neither does this verdict; the import tells each condition that it
could not read.
"""

import os
from pathlib import Path

import pytest

from core.errors import BadInput
from surveys.domain.foreign.foreign_files import read_foreign
from tests.oracle.pyxform_judge import interpreter, refusals
from tests.oracle.twin_forms import EDITS, drawn, edited

FORMS = int(os.environ.get("HEEDFUL_TEST_ORACLE_FORMS", "25"))


def faults(content: bytes) -> list[str]:
    """What Heedful finds wrong with a workbook."""
    try:
        return [str(note) for note in read_foreign(content).notes if note.wrong]
    except BadInput as refused:
        return [str(refused)]


@pytest.mark.parametrize("name", EDITS)
def test_a_form_is_judged_as_pyxform_judged_it(name: str):
    assert (not faults(edited(name))) is EDITS[name][0], faults(edited(name))


def test_forms_with_several_edits_are_valid_where_each_of_them_is():
    for number in range(FORMS):
        found = faults(edited(*drawn(number)))
        assert (not found) is all(EDITS[name][0] for name in drawn(number)), (drawn(number), found)


def test_pyxform_says_the_same_of_all_of_them(tmp_path: Path):
    interpreter()
    cases = {name: edited(name) for name in EDITS} | {str(at): edited(*drawn(at)) for at in range(FORMS)}
    for at, content in enumerate(cases.values()):
        (tmp_path / f"{at}.xlsx").write_bytes(content)
    folder = os.environ.get("HEEDFUL_TEST_XLSFORMS")
    given = sorted(Path(folder).glob("*.xlsx")) if folder else []
    files = [tmp_path / f"{at}.xlsx" for at in range(len(cases))]
    for name, why in zip([*cases, *map(str, given)], refusals([*files, *given]), strict=True):
        ours = faults(cases[name] if name in cases else Path(name).read_bytes())
        assert (not ours) is (not why), (name, why, ours)
