"""Survey files that come along for teams to begin with; the first comment of each says what it is for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.definitions import Survey
from surveys.domain.survey_files import read_survey

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "surveys"
ORDER = ("satisfaction", "nps", "product_feedback", "post_purchase", "feature_priorities")


@dataclass(frozen=True, slots=True)
class Starter:
    """A survey to begin with, and what it is for."""

    survey: Survey
    about: str


@cache
def starters() -> Mapping[str, Starter]:
    """All of them by name, in the order of the menu."""
    return {name: _read(name) for name in ORDER}


def _read(name: str) -> Starter:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    return Starter(read_survey(text), text.partition("\n")[0].removeprefix("#").strip())


def started(starter: str, name: str, title: str) -> Survey:
    """A survey of one's own that begins with that one; without a title it keeps its own.

    Raises:
        BadInput: there is none of that name.
    """
    found = starters().get(starter)
    if found is None:
        raise BadInput(_("There is no template “{name}”.").format(name=starter), field="template")
    return replace(found.survey, name=name, title=title or found.survey.title)
