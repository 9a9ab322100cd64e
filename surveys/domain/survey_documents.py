"""A survey as a file that people carry about, TOML or JSON, told apart by how it begins; for console and terminal."""

import json
from typing import Any

from campaigns.domain.toml_text import read_toml
from core.cards import screened
from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.definitions import Survey
from surveys.domain.survey_files import survey_of, table_of


def read_document(text: str) -> Survey:
    """The survey that a TOML or JSON file describes; that all of it can be reached is asked when it is published.

    Raises:
        BadInput: the text is neither (with the line), or no survey (with every place and its remedy).
    """
    tidy = text.removeprefix("\ufeff")
    return survey_of(_object(tidy) if tidy.lstrip().startswith("{") else read_toml(tidy))


def _object(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = screened(json.loads(text))
    except json.JSONDecodeError as error:
        message = _("This is not JSON: {reason}.").format(reason=error.msg)
        raise BadInput(message, line=error.lineno) from None
    except ValueError:  # all that is left: Python reads no number of thousands of digits
        raise BadInput(_("A number in this JSON has too many digits.")) from None
    except RecursionError:
        raise BadInput(_("This JSON has too many levels.")) from None
    return found


def write_json(survey: Survey) -> str:
    """A survey as JSON text; reading it gives the same survey."""
    return json.dumps(table_of(survey), ensure_ascii=False, indent=2) + "\n"
