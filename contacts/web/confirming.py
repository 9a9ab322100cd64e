"""The page behind a confirmation mail's link: it shows what will be agreed to, and one press agrees.

GET changes nothing, whoever or whatever opens it (G11): link scanners open every link of every mail.
"""

from http import HTTPStatus

from starlette.responses import Response

from contacts.domain.joining_tokens import CONFIRM_PATH, read_joining
from contacts.domain.leaving_tokens import preferences_token
from contacts.services.confirm_signup import Agreement, agreement, confirm_signup
from core.language import spoken
from core.web.rendering import masked
from core.web.visits import Answer, Place, Visit


def show_agreement(visit: Visit) -> Answer:
    """What will be agreed to, and a button; or that it was, and what of it has been stopped since."""
    return _page(visit, agreement(visit.session, _number(visit), at=visit.at))


def agree(visit: Visit) -> Answer:
    """Record the person's yes; twice is the same."""
    agreed = confirm_signup(visit.session, _number(visit), at=visit.at)
    return lambda: _page(visit, agreed)


def _number(visit: Visit) -> int:
    return read_joining(visit.keyring, visit.path["token"])


def _page(visit: Visit, agreed: Agreement | None) -> Response:
    if agreed is None:
        return visit.page("public/join_ended.html", status=HTTPStatus.GONE)
    signup = agreed.signup
    visit.language = spoken(signup.locale, visit.settings.language) if signup.locale else visit.language
    return visit.page(
        "public/joined.html" if agreed.confirmed else "public/join_confirm.html",
        masked=masked(signup.address),
        wording=agreed.standing,
        stopped=agreed.stopped,
        confirmed_at=signup.confirmed_at,
        form_url=f"/join/{agreed.form}" if agreed.form else "",
        held=agreed.held,
        preferences_url="/p/" + preferences_token(visit.keyring, bytes(signup.address_key), 0),
    )


PLACES = (
    Place(CONFIRM_PATH + "{token}", show_agreement),
    Place(CONFIRM_PATH + "{token}", agree, methods=("POST",)),
)
