"""Tallies of anonymous answers with their small counts hidden, and others so that they cannot be worked out (G14)."""

from dataclasses import asdict, replace
from math import isnan
from typing import Any

from surveys.domain.suppression import LEAST, hidden_parts, is_small
from surveys.domain.tallies import RowTally, Share, Tally

HIDDEN = float("nan")
"""The count of a share that is hidden."""


def veil(tally: Tally, plain: Tally, least: int = LEAST) -> Tally:
    """Hide what tells of so few that they could be recognised; the tally itself where nothing is hidden.

    `tally` may be of weighted answers; `plain` is of the same answers unweighted, and says how many people they are.
    """
    if is_small(round(plain.base), least):
        return Tally(tally.base)
    rows = tuple(_row(row, other, least) for row, other in zip(tally.rows, plain.rows, strict=True))
    own = _shares(tally, plain, least)
    if is_small(round(plain.refused), least):
        own = replace(own, refused=0)
    if own is tally and all(new is old for new, old in zip(rows, tally.rows, strict=True)):
        return tally
    return replace(own, rows=rows)


def _row(row: RowTally, plain: RowTally, least: int) -> RowTally:
    veiled = veil(row.tally, plain.tally, least)
    return row if veiled is row.tally else replace(row, tally=veiled)


def _shares(tally: Tally, plain: Tally, least: int) -> Tally:
    """Of a scale either all shares are shown or the figures that sum them up: together they would give each count."""
    places = hidden_parts([round(share.count) for share in plain.shares], least)
    if not places:
        return tally
    if tally.mean is not None:
        return replace(
            tally,
            shares=(),
            deviation=None,
            mean_interval=None,
            top=None,
            nps=tally.nps if _whole(plain, least) else None,
        )
    shares = tuple(_blank(share) if place in places else share for place, share in enumerate(tally.shares))
    return replace(tally, shares=shares, top=None)


def _whole(plain: Tally, least: int) -> bool:
    score = plain.nps
    groups = (score.promoters, score.passives, score.detractors) if score else ()
    return not hidden_parts([round(each) for each in groups], least)


def _blank(share: Share) -> Share:
    return replace(share, count=HIDDEN, share=None, interval=None)


def facts_of(tally: Tally) -> dict[str, Any]:
    """A tally as plain values for other programs; a hidden count is None."""
    facts: dict[str, Any] = _known(asdict(tally))
    return facts


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _known(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_known(each) for each in value]
    return None if isinstance(value, float) and isnan(value) else value
