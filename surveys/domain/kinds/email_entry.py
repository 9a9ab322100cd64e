"""An e-mail address that the person writes; it is read by them and by nobody on a results page (P1)."""

from dataclasses import dataclass
from typing import ClassVar

from contacts.domain.addresses import read_address_to_keep
from core.errors import BadInput
from core.language import noted
from surveys.domain.cells import Cell, Fault, Posted, Reading, words_of
from surveys.domain.kinds.text_entry import ShortText


@dataclass(frozen=True, kw_only=True)
class EmailEntry(ShortText):
    """One address to which mail could be delivered; answering gives no permission to write to it."""

    kind: ClassVar[str] = "email"
    title: ClassVar[str] = "E-mail address"
    chart: ClassVar[str] = "none"
    identifying: ClassVar[bool] = True

    longest: int = 254

    def take(self, posted: Posted) -> Reading:
        """Take an address as any form of the house would."""
        reading = super().take(posted)
        if not reading.cells:
            return reading
        try:
            address = read_address_to_keep(words_of(posted, self.name))
        except BadInput:
            text = noted("Please write an e-mail address, such as name@example.org.")
            return Reading(faults=(Fault(self.name, text),))
        return Reading((Cell(text=address.delivery),))
