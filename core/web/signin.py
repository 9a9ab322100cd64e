"""The console's door: signing in and out."""

from starlette.responses import Response

from core.operators import Role, sign_in, sign_out
from core.web.visits import Answer, Place, Visit

COOKIE = "heedful_session"
HOME = "/console"


def show_sign_in(visit: Visit) -> Answer:
    """The sign-in form."""
    return visit.redirect(HOME) if visit.operator else visit.page("console/sign_in.html", email="", error=None)


def enter(visit: Visit) -> Answer:
    """Sign in; the answer to a wrong address and to a wrong password is the same."""
    email, password = visit.text("email"), str(visit.form.get("password", ""))
    entered = sign_in(
        visit.session, email, password, network=visit.network, hours=visit.settings.session_hours, at=visit.at
    )
    if entered is None:
        error = "Address or password is wrong, or there were too many tries; then wait a quarter of an hour."
        return visit.page("console/sign_in.html", status=403, email=email, error=error)
    cookie, _operator = entered

    def welcome() -> Response:
        response = visit.redirect(HOME)
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(visit.settings.session_hours * 3600),
            path=HOME,
            secure=visit.settings.base_url.startswith("https:"),
            httponly=True,
            samesite="lax",
        )
        return response

    return welcome


def leave_console(visit: Visit) -> Answer:
    """Sign out of this browser."""
    sign_out(visit.session, visit.request.cookies.get(COOKIE, ""))

    def goodbye() -> Response:
        response = visit.redirect("/console/sign-in")
        response.delete_cookie(COOKIE, path=HOME)
        return response

    return goodbye


PLACES = (
    Place("/console/sign-in", show_sign_in),
    Place("/console/sign-in", enter, methods=("POST",)),
    Place("/console/sign-out", leave_console, methods=("POST",), role=Role.ANALYST),
)
