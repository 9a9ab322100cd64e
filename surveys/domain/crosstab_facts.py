"""Crosstabs as plain values, for other programs: the API and the terminal's JSON."""

from dataclasses import asdict
from typing import Any

from core.language import gettext as _
from surveys.domain.cross_tables import CrossTable

PER_CENT = 100


def table_facts(table: CrossTable, *, level: float = 0.05) -> dict[str, Any]:
    """One table; cells that are hidden are None."""
    rows = [
        {
            "name": row.heading.name,
            "label": row.heading.label,
            "cells": [None if (place, at) in table.hidden else asdict(cell) for at, cell in enumerate(row.cells)],
            "total": asdict(row.total),
        }
        for place, row in enumerate(table.table.rows)
    ]
    formulas = (*table.table.formulas, *(table.means.formulas if table.means else ()))
    cautions = (*table.table.cautions, *(table.means.cautions if table.means else ()))
    return {
        "rows": table.rows.written,
        "banner": table.banner.written,
        "columns": [asdict(each) for each in table.table.columns],
        "cells": rows,
        "association": asdict(table.table.association) if table.table.association else None,
        "means": asdict(table.means) if table.means else None,
        "formulas": [_(each).format(level=f"{PER_CENT * level:g}") for each in dict.fromkeys(formulas)],
        "cautions": [_(each) for each in dict.fromkeys(cautions)],
    }
