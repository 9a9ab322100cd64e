"""What people post, screened before any page sees it: for card numbers (P8), and for what no database keeps."""

from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from core.cards import mask_card_numbers, screened
from core.storable import storable

UNTOUCHED = ("password", "csrf")
"""Fields that are compared and never stored as they are: a changed password would let nobody in."""


def screened_form(form: FormData) -> FormData:
    """The same form with the card numbers masked in its texts, in the names of its fields and of its files.

    What no database keeps has a sign in its place: a body may say of itself that it is UTF-7, and hold halves of
    characters.
    """
    items = [(storable(name), value) for name, value in form.multi_items()]
    return FormData([(mask_card_numbers(name), _screened(name, value)) for name, value in items])


class ScreenedRequest(Request):
    """A call of the API whose JSON has no card numbers in its texts."""

    async def json(self) -> Any:
        """The body, screened."""
        return screened(await super().json())


def _screened(name: str, value: str | UploadFile) -> str | UploadFile:
    if isinstance(value, str):
        return storable(value) if name.endswith(UNTOUCHED) else mask_card_numbers(storable(value))
    value.filename = mask_card_numbers(storable(value.filename or ""))
    return value
