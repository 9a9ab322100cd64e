"""What is wrong with an expression, and where in it; for the parser, the type checker and who tells the author."""

from core.errors import BadInput
from core.language import gettext as _


class Slip(BadInput):
    """An expression that cannot be taken; `at` is the place in it, counted in characters from 1."""

    def __init__(self, at: int, message: str, remedy: str = "") -> None:
        said = _("At character {at}: {message}").format(at=at, message=message)
        super().__init__(said, remedy=remedy or None)
        self.at = at
        self.said = said
        self.advice = remedy
