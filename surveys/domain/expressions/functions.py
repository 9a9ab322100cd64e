"""The functions of the language: what each is given, what it gives, and what it does."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from core.language import gettext as _
from surveys.domain.expressions.answer_functions import ANSWER_FUNCTIONS
from surveys.domain.expressions.plain_functions import PLAIN
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.trees import Call
from surveys.domain.expressions.value_types import Meaning

FUNCTIONS: Mapping[str, Callable[[Call, Sequence[Meaning]], Meaning]] = {
    **{name: plain.meaning for name, plain in PLAIN.items()},
    **ANSWER_FUNCTIONS,
}


def call_of(node: Call, given: Sequence[Meaning]) -> Meaning:
    """What a call means.

    Raises:
        Slip: there is no such function, or it is given something else than it takes.
    """
    function = FUNCTIONS.get(node.name)
    if function is None:
        near = get_close_matches(node.name, FUNCTIONS, n=1)
        remedy = _("Did you mean “{near}”?").format(near=near[0]) if near else ""
        message = _("There is no function “{name}”.").format(name=node.name)
        raise Slip(node.at, message, remedy or _("Functions: {names}.").format(names=", ".join(sorted(FUNCTIONS))))
    return function(node, given)
