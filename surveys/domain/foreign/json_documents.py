"""JSON that somebody brings: read within bounds, texts that can be stored, numbers that can be counted with."""

import json
import math
from typing import Any

from core.errors import BadInput
from core.language import gettext as _
from core.storable import storable

MOST_LEVELS = 120


def json_document(content: bytes) -> Any:
    """What a JSON file holds.

    Raises:
        BadInput: it is no JSON, or has too many levels.
    """
    try:
        return _kept(json.loads(content.decode("utf-8-sig", "replace"), parse_int=_number, parse_float=_number), 0)
    except json.JSONDecodeError as error:
        raise BadInput(_("This is not JSON: {reason}.").format(reason=error.msg), line=error.lineno) from None
    except RecursionError:
        raise BadInput(_("This JSON has too many levels.")) from None


def _number(written: str) -> int | float:
    """A number; one that nobody counts to becomes nought."""
    number = float(written)
    if not math.isfinite(number) or abs(number) > 10**15:  # the digits of a float
        return 0
    return int(number) if number.is_integer() else number


def _kept(value: Any, level: int) -> Any:
    if level > MOST_LEVELS:
        raise RecursionError
    if isinstance(value, dict):
        return {storable(key): _kept(each, level + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_kept(each, level + 1) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return storable(value) if isinstance(value, str) else value
