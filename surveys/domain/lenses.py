"""How results are looked at: through which filter, weighted or not, and whether everybody of a group was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from core.errors import BadInput
from core.language import gettext as _

LARGEST = 10**9


@dataclass(frozen=True)
class Lens:
    """What results are asked for; `where` are conditions as they are written (see `domain.answer_filters`).

    `weighted` None weights where the survey has targets. `population` is the size of a group that was asked whole.
    """

    where: tuple[str, ...] = ()
    weighted: bool | None = None
    population: int | None = None

    def query(self, **more: str | Sequence[str]) -> str:
        """As the query of an address; `more` fields of a page's own."""
        own = {"weighted": "" if self.weighted is None else str(int(self.weighted))}
        own["population"] = "" if self.population is None else str(self.population)
        fields = {"where": self.where, **own, **more}
        return urlencode({name: value for name, value in fields.items() if value}, doseq=True)


WHOLE = Lens()


def read_lens(fields: Mapping[str, Sequence[str]]) -> Lens:
    """What the fields of an address ask for.

    Raises:
        BadInput: the population is no number of people.
    """

    def first(name: str) -> str:
        return (list(fields.get(name, ())) or [""])[-1].strip()

    population = first("population")
    if population and not (population.isascii() and population.isdigit() and 0 < int(population[:12]) <= LARGEST):
        message = _("The number of everybody who could have been asked must be a whole number.")
        raise BadInput(message, field="population", remedy=_("Leave it empty where only some of many were asked."))
    weighted = {"1": True, "0": False}.get(first("weighted"))
    where = tuple(each.strip() for each in fields.get("where", ()) if each.strip())
    return Lens(where, weighted, int(population) if population else None)
