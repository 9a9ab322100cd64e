"""What people post, screened for card numbers before any page can see it (P8): the web's one gate for that."""

from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from core.cards import mask_card_numbers, screened

UNTOUCHED = ("password", "csrf")
"""Fields that are compared and never stored as they are: a changed password would let nobody in."""


def screened_form(form: FormData) -> FormData:
    """The same form with the card numbers masked in its texts, in the names of its fields and of its files."""
    return FormData([(mask_card_numbers(name), _screened(name, value)) for name, value in form.multi_items()])


class ScreenedRequest(Request):
    """A call of the API whose JSON has no card numbers in its texts."""

    async def json(self) -> Any:
        """The body, screened."""
        return screened(await super().json())


def _screened(name: str, value: str | UploadFile) -> str | UploadFile:
    if isinstance(value, str):
        return value if name.endswith(UNTOUCHED) else mask_card_numbers(value)
    value.filename = mask_card_numbers(value.filename or "")
    return value
