"""What became of each person who was asked, in the terms of AAPOR's Standard Definitions (10th edition, 2023)."""

from collections.abc import Mapping
from enum import StrEnum

HALF = 0.5
"""Of the questions asked: whoever stopped with fewer answered broke off; with as many, the response is partial."""


class Disposition(StrEnum):
    """The final disposition of one invited person; the codes are those for people invited by name over the internet."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    BROKE_OFF = "broke_off"
    OPENED = "opened"
    REFUSED = "refused"
    SCREENED_OUT = "screened_out"
    OVER_QUOTA = "over_quota"
    INELIGIBLE = "ineligible"
    BOUNCED = "bounced"
    DELIVERED = "delivered"
    NOT_SENT = "not_sent"


CODES: Mapping[Disposition, str] = {
    Disposition.COMPLETE: "1.1",
    Disposition.PARTIAL: "1.2",
    Disposition.REFUSED: "2.11",
    Disposition.OPENED: "2.121",
    Disposition.BROKE_OFF: "2.122",
    Disposition.NOT_SENT: "3.11",
    Disposition.DELIVERED: "3.19",
    Disposition.BOUNCED: "3.30",
    Disposition.SCREENED_OUT: "4.1",
    Disposition.INELIGIBLE: "4.7",
    Disposition.OVER_QUOTA: "4.8",
}
GROUPS: Mapping[Disposition, str] = {
    Disposition.COMPLETE: "I",
    Disposition.PARTIAL: "P",
    Disposition.BROKE_OFF: "R",
    Disposition.OPENED: "R",
    Disposition.REFUSED: "R",
    Disposition.DELIVERED: "UH",
    Disposition.NOT_SENT: "UH",
    Disposition.BOUNCED: "UO",
    Disposition.SCREENED_OUT: "NE",
    Disposition.OVER_QUOTA: "NE",
    Disposition.INELIGIBLE: "NE",
}
"""The letters that the rates are made of. Of whom nothing is known, it is unknown whether they belong to the sample."""


def grouped(counts: Mapping[Disposition, int]) -> dict[str, int]:
    """How many there are of each letter: I, P, R, NC, O, UH, UO and NE."""
    found = dict.fromkeys(("I", "P", "R", "NC", "O", "UH", "UO", "NE"), 0)
    for disposition, number in counts.items():
        found[GROUPS[disposition]] += number
    return found
