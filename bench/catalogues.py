"""Brings the catalogues in templates/languages up to date with the sentences that recipients read.

    python bench/catalogues.py            every catalogue: what is new comes in empty, what is gone is taken out
    python bench/catalogues.py sv         begins one of its own for Swedish as well

The console's sentences are not among them: it is in English. `tests/core/test_catalogues.py` holds each to this.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates" / "languages"
SPOKEN: Mapping[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "noted": None}
FAULTS: Mapping[str, Any] = {"_faulty": None, "Fault": (2,), "noted": None}


@dataclass(frozen=True)
class Source:
    """Files whose sentences recipients read; `faults`: only what they say of an answer that cannot be taken."""

    patterns: Sequence[str]
    method: str = "python"
    faults: bool = False


SOURCES = (
    Source(["templates/public/**/*.html", "templates/email/**/*.html", "templates/email/**/*.txt"], "jinja2"),
    Source(["surveys/domain/*.py", "surveys/domain/kinds/*.py"], faults=True),
    Source(["contacts/domain/a*.py", "contacts/domain/wordings.py", "contacts/storage/offerings.py"]),
    Source(["contacts/storage/topics.py", "contacts/storage/peppers.py"]),
    Source(["contacts/services/change_address.py", "contacts/services/ask_to_join.py", "contacts/services/prefer.py"]),
    Source(["app.py", "core/tokens.py", "core/web/regrets.py"]),
    Source(["contacts/web/*ing.py", "contacts/web/preferences.py"]),
    Source(["surveys/services/respond.py", "surveys/services/take_part.py", "surveys/services/invite.py"]),
    Source(["surveys/web/taking.py", "surveys/web/form_pages.py", "surveys/web/survey_form.py"]),
)


def sentences() -> Catalog:
    """Every sentence that a recipient can read, in the order of the files."""
    found = Catalog()
    for source in SOURCES:
        for file in sorted(set(_files(source))):
            with file.open("rb") as opened:
                keywords = FAULTS if source.faults else SPOKEN
                taken = list(extract(source.method, opened, keywords, options={"newstyle_gettext": "true"}))
                for _line, message, _comments, _context in taken:
                    found.add(message, locations=[(str(file.relative_to(ROOT)), 0)])
    return found


def _files(source: Source) -> Iterator[Path]:
    for pattern in source.patterns:
        yield from ROOT.glob(pattern)


def brought_up_to_date(language: str) -> Catalog:
    """The catalogue of a language with the sentences of now; what is translated already stays."""
    file = FOLDER / f"{language}.po"
    known = Catalog()
    if file.exists():
        with file.open("rb") as opened:
            known = read_po(opened, locale=language)
    made = Catalog(language, header_comment=f"# What recipients read, in {_name(language)}.")
    made.fuzzy = False
    for each in sentences():
        if each.id:
            old = known.get(each.id[0] if isinstance(each.id, tuple) else each.id)
            made.add(each.id, old.string if old else None, locations=each.locations)
    return made


def translations_in(message: Message) -> Sequence[str]:
    """What a sentence is in the catalogue's language: one text, or one for each of its plurals."""
    return [message.string or ""] if isinstance(message.string, str | None) else list(message.string)


def _name(language: str) -> str:
    return str(Locale.parse(language).get_display_name("en"))


def _written(catalogue: Catalog) -> bytes:
    """The file, without the lines of its head that would name people and programs."""
    written = BytesIO()
    write_po(written, catalogue, width=118, include_lineno=False)
    needless = re.compile(rb'"(Project|Report|POT|PO-|Last|Language-Team|Generated)')
    lines = written.getvalue().split(b"\n")
    head = lines.index(b"")
    return b"\n".join([each for each in lines[:head] if not needless.match(each)] + lines[head:])


def main() -> None:
    """Write every catalogue, and those named, anew."""
    for language in sorted({*(each.stem for each in FOLDER.glob("*.po")), *sys.argv[1:]}):
        made = brought_up_to_date(language)
        (FOLDER / f"{language}.po").write_bytes(_written(made))
        empty = sum(1 for each in made if each.id and not all(translations_in(each)))
        print(f"{language}: {len(made)} sentences, {empty} to be translated")


if __name__ == "__main__":
    main()
