"""README's table of settings says what the code says: every name, its default, and what it means."""

import re
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from core.settings import Settings

README = Path(__file__).resolve().parent.parent / "README.md"
ROW = re.compile(r"\| `(HEEDFUL_\w+)` \| (.+?) \| (.+) \|")


def written() -> dict[str, tuple[str, str]]:
    """Each row of the table: name → default, meaning."""
    return {name: (default, meaning) for name, default, meaning in ROW.findall(README.read_text(encoding="utf-8"))}


def shown(field: FieldInfo) -> str:
    """A default as the table spells it."""
    default = field.get_default()
    if default is PydanticUndefined:
        return "(required)"
    plain = str(default.get_secret_value() if isinstance(default, SecretStr) else default)
    return f"`{plain}`" if plain else "(empty)"


def test_the_table_has_every_setting_in_the_codes_order_and_no_other():
    assert list(written()) == [f"HEEDFUL_{name.upper()}" for name in Settings.model_fields]


def test_the_table_tells_each_default_and_meaning_as_the_code_does():
    table = written()
    for name, field in Settings.model_fields.items():
        assert table[f"HEEDFUL_{name.upper()}"] == (shown(field), field.description), name


def test_a_row_that_differs_would_be_found():
    field = Settings.model_fields["port"]
    assert shown(field) == "`8025`"
    assert written()["HEEDFUL_PORT"] != ("`8026`", field.description)
