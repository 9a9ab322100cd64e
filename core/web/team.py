"""Console page for operators: who they are, their roles, a new one, a closed one, one's own password."""

import zoneinfo

from core.errors import BadInput, HeedfulError
from core.operators import Role, add_operator, change_operator, operators, set_time_zone
from core.web.visits import Answer, Place, Visit

PAGE = "/console/operators"
ME = "/console/me"


def show_team(visit: Visit) -> Answer:
    """Everybody of the team."""
    return _team(visit)


def add(visit: Visit) -> Answer:
    """Add an operator."""
    try:
        role = Role(visit.text("role"))
        password = str(visit.form.get("password", ""))
        email, name = visit.text("email"), visit.text("name")
        add_operator(visit.session, email, name, role, password, at=visit.at, by=_acting(visit))
    except ValueError:
        return _team(visit, error="Choose a role.", field="role")
    except HeedfulError as error:
        return _team(visit, error=error.message, field=getattr(error, "field", None))
    return visit.redirect(f"{PAGE}?said=added")


def change(visit: Visit) -> Answer:
    """Change role or password, close or reopen an account."""
    operator_id = int(visit.path["operator_id"])
    act = visit.text("act")
    try:
        with visit.session.begin_nested():
            _change(visit, act, operator_id)
    except HeedfulError as error:
        return _team(visit, error=error.message, field=getattr(error, "field", None))
    return visit.redirect(f"{PAGE}?said=changed")


def _change(visit: Visit, act: str, operator_id: int) -> None:
    if act == "role" and visit.text("role") in set(Role):
        change_operator(visit.session, operator_id, role=Role(visit.text("role")), at=visit.at)
    elif act == "password":
        password = str(visit.form.get("password", ""))
        change_operator(visit.session, operator_id, password=password, at=visit.at, by=_acting(visit))
    elif act in {"close", "reopen"}:
        change_operator(visit.session, operator_id, disabled=act == "close", at=visit.at)
    else:
        raise BadInput("Nothing to change was named.")


def _acting(visit: Visit) -> int:
    assert visit.operator is not None
    return visit.operator.id


def show_me(visit: Visit) -> Answer:
    """One's own page: time zone and password."""
    return _me(visit)


def change_me(visit: Visit) -> Answer:
    """One's own time zone, in which the console shows every moment, or one's own password, which ends all sign-ins."""
    zone, password = visit.text("time_zone"), str(visit.form.get("password", ""))
    if visit.text("act") == "password":
        try:
            change_operator(visit.session, _acting(visit), password=password, at=visit.at, by=_acting(visit))
        except HeedfulError as error:
            return _me(visit, error=error.message, field="password")
        return visit.redirect("/console/sign-in")
    if zone not in zoneinfo.available_timezones():
        return _me(visit, error="There is no such time zone.", field="time_zone")
    set_time_zone(visit.session, _acting(visit), zone)
    return visit.redirect(f"{ME}?said=changed")


def _me(visit: Visit, *, error: str | None = None, field: str = "") -> Answer:
    return visit.page(
        "console/me.html",
        status=422 if error else 200,
        zones=sorted(zoneinfo.available_timezones()),
        said=visit.query("said"),
        error=error,
        error_field=field,
    )


def _team(visit: Visit, *, error: str | None = None, field: str | None = None) -> Answer:
    return visit.page(
        "console/operators.html",
        status=422 if error else 200,
        operators=operators(visit.session),
        roles=list(Role),
        said=visit.query("said"),
        error=error,
        error_field=field,
    )


PLACES = (
    Place(PAGE, show_team, role=Role.ADMIN),
    Place(PAGE, add, methods=("POST",), role=Role.ADMIN),
    Place(PAGE + "/{operator_id:int}", change, methods=("POST",), role=Role.ADMIN),
    Place(ME, show_me, role=Role.ANALYST),
    Place(ME, change_me, methods=("POST",), role=Role.ANALYST),
)
