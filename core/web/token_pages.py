"""Console page for the API's tokens: make one, see it once, revoke it."""

from starlette.responses import Response

from core.api_tokens import all_tokens, make_token, revoke_token
from core.errors import BadInput
from core.language import gettext as _
from core.operators import Role, operators
from core.web.visits import Answer, Place, Visit

LIST = "/console/tokens"
REVOKE = LIST + "/{token_id:int}/revoke"


def show_tokens(visit: Visit) -> Answer:
    """Every token: what for, by whom, how far, when last used."""
    return _tokens(visit)


def _tokens(visit: Visit, *, error: str = "", field: str = "", written: str = "") -> Response:
    makers = {each.id: each.name for each in operators(visit.session)}
    return visit.page(
        "console/tokens.html",
        status=422 if error else 200,
        tokens=[(token, makers.get(token.made_by, "")) for token in all_tokens(visit.session)],
        roles=list(Role),
        tried=visit.form,
        written=written,
        error=error,
        error_field=field,
        said=visit.query("said"),
    )


def make(visit: Visit) -> Answer:
    """Make a token; the page that shows it is given once it is stored, and never again."""
    assert visit.operator is not None
    if visit.text("role") not in set(Role):
        return _tokens(visit, error=_("Choose a role."), field="role")
    try:
        role = Role(visit.text("role"))
        written = make_token(visit.session, visit.text("name"), role, made_by=visit.operator.id, at=visit.at)
    except BadInput as error:
        return _tokens(visit, error=error.message, field=error.field or "")
    page = _tokens(visit, written=written)
    return lambda: page


def revoke(visit: Visit) -> Answer:
    """Revoke a token: from the next request on it is nobody's."""
    revoke_token(visit.session, int(visit.path["token_id"]), at=visit.at)
    return visit.redirect(f"{LIST}?said=revoked")


PLACES = (
    Place(LIST, show_tokens, role=Role.ADMIN),
    Place(LIST, make, methods=("POST",), role=Role.ADMIN),
    Place(REVOKE, revoke, methods=("POST",), role=Role.ADMIN),
)
