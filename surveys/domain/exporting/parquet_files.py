"""A data set as a Parquet file, written row group by row group; needs the extra `parquet` (pyarrow)."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.exporting.codebooks import described
from surveys.domain.exporting.data_sets import DataSet, Holds, Missing, Row, Value, Variable
from surveys.domain.exporting.written_moments import day_in, moment_in

ROW_GROUP = 5000
MISSING = "missing"


class _Pipe(io.RawIOBase):
    """What was written and not taken yet."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def writable(self) -> bool:
        """It is for writing only."""
        return True

    def write(self, data: Any) -> int:
        """Keep it."""
        self._pieces += data
        return len(data)

    def taken(self) -> bytes:
        """Everything written since the last time."""
        pieces = bytes(self._pieces)
        self._pieces.clear()
        return pieces


def parquet_file(data_set: DataSet, rows: Iterable[Row]) -> Iterator[bytes]:
    """The file in pieces: nulls where there is no value, and a last column that maps each of them to its reason.

    Raises:
        BadInput: pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and 0.2 s to import
        from pyarrow import parquet  # noqa: PLC0415 - same
    except ImportError:
        remedy = _("Install the extra: pip install 'heedful[parquet]'.")
        raise BadInput(_("Parquet files need pyarrow."), remedy=remedy) from None
    pipe = _Pipe()
    schema = _schema(pa, data_set)
    waiting = iter(rows)
    with parquet.ParquetWriter(pa.PythonFile(pipe, mode="w"), schema, compression="zstd") as writer:
        while group := list(islice(waiting, ROW_GROUP)):
            writer.write_table(_table(pa, data_set, schema, group))
            yield pipe.taken()
    yield pipe.taken()


def _schema(pa: Any, data_set: DataSet) -> Any:
    """Columns with their labels beside them, and the whole codebook as JSON under “heedful”."""
    fields = [pa.field(each.name, _type(pa, each), metadata={"label": each.label}) for each in data_set.variables]
    fields.append(pa.field(_missing_name(data_set), pa.map_(pa.string(), pa.string())))
    return pa.schema(fields, metadata={"heedful": json.dumps(described(data_set), ensure_ascii=False)})


def _missing_name(data_set: DataSet) -> str:
    taken = {variable.name for variable in data_set.variables}
    return MISSING if MISSING not in taken else f"{MISSING}_reasons"


def _type(pa: Any, variable: Variable) -> Any:
    if variable.holds is Holds.NUMBER:
        return pa.float64() if variable.asked and not variable.group else pa.int64()
    types = {
        Holds.CODE: pa.dictionary(pa.int32(), pa.string()),
        Holds.TEXT: pa.string(),
        Holds.DAY: pa.date32(),
        Holds.MOMENT: pa.timestamp("ms", tz="UTC"),
    }
    return types[variable.holds]


def _table(pa: Any, data_set: DataSet, schema: Any, group: Sequence[Row]) -> Any:
    columns = []
    for place, variable in enumerate(data_set.variables):
        values = [_value(variable, row[place]) for row in group]
        columns.append(pa.array(values, type=schema.field(place).type))
    names = [variable.name for variable in data_set.variables]
    missing = [
        [(name, value.words) for name, value in zip(names, row, strict=True) if isinstance(value, Missing)]
        for row in group
    ]
    columns.append(pa.array(missing, type=schema.field(len(names)).type))
    return pa.Table.from_arrays(columns, schema=schema)


def _value(variable: Variable, value: Value) -> Any:
    if isinstance(value, Missing):
        return None
    if variable.holds is Holds.DAY:
        return day_in(str(value))
    return moment_in(str(value)) if variable.holds is Holds.MOMENT else value
