"""A data set as one JSON document: what the variables are, then the responses one by one."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from surveys.domain.exporting.codebooks import described
from surveys.domain.exporting.data_sets import DataSet, Missing, Row


def json_file(data_set: DataSet, rows: Iterable[Row]) -> Iterator[bytes]:
    """The document in pieces, a response on each line; what has no value stands under “missing” with its reason."""
    head = _text(described(data_set))
    yield f'{head[:-1]}, "responses": ['.encode()
    names = [variable.name for variable in data_set.variables]
    comma = "\n"
    for row in rows:
        yield (comma + _text(_response(names, row))).encode()
        comma = ",\n"
    yield b"\n]}\n"


def _response(names: Iterable[str], row: Row) -> dict[str, Any]:
    pairs = list(zip(names, row, strict=True))
    values = {name: value for name, value in pairs if not isinstance(value, Missing)}
    return {"values": values, "missing": {name: why.words for name, why in pairs if isinstance(why, Missing)}}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
