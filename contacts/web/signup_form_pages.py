"""Console pages for sign-up forms: the list with its figures, the editor, a preview, and the HTML for other sites."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from contacts.domain.signup_drafts import SignupDraft
from contacts.domain.snippets import snippet
from contacts.services.save_signup_form import askable, save_form
from contacts.storage.offerings import lines_among
from contacts.storage.signup_forms import SignupForm, all_forms, form_numbered
from contacts.storage.signups import count_waiting
from contacts.web.joining import join_page, lines_of
from core.language import gettext, spoken
from core.operators import Role
from core.settings import Settings
from core.web.security import POLICY
from core.web.visits import Answer, Place, Visit

LIST = "/console/forms"
PAGE = LIST + "/{form_id:int}"
IN_FRAME = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'").replace(
    "form-action 'self'", "form-action 'none'"
)
NEW = SignupDraft("", "", "", ())


def list_forms(visit: Visit) -> Answer:
    """Every form with how many asked, confirmed, and wait."""
    return visit.page(
        "console/signup_forms.html",
        forms=all_forms(visit.session),
        waiting=count_waiting(visit.session, at=visit.at),
        said=visit.query("said"),
    )


def show_new_form(visit: Visit) -> Answer:
    """The editor, empty."""
    return _editor(visit, None, NEW, {})


def show_form(visit: Visit) -> Answer:
    """One form's words, figures, preview, and its HTML for other sites."""
    form = _form(visit)
    return _editor(visit, form, form.draft, {})


def add_form(visit: Visit) -> Answer:
    """Save a new form; with a mistake, show it beside its field."""
    return _save(visit, None)


def change_form(visit: Visit) -> Answer:
    """Give a form other words; its name stays, for it stands on other sites."""
    return _save(visit, _form(visit))


def preview_form(visit: Visit) -> Answer:
    """The form as people see it, for a frame of the console; it cannot be sent from there."""
    form = _form(visit)
    visit.language = spoken(form.language, visit.settings.language) if form.language else ""
    response = join_page(visit, form, lines_of(visit, form))
    response.headers["Content-Security-Policy"] = IN_FRAME
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _form(visit: Visit) -> SignupForm:
    return form_numbered(visit.session, int(visit.path["form_id"]))


def _save(visit: Visit, form: SignupForm | None) -> Answer:
    draft = SignupDraft(
        name=form.name if form else visit.text("name"),
        title=visit.text("title"),
        wording=visit.text("wording").replace("\r\n", "\n"),
        topics=tuple(visit.texts("topic")),
        language=visit.text("language"),
        active=bool(visit.text("active")),
    )
    saved = save_form(visit.session, draft, at=visit.at, form=form)
    if not isinstance(saved, SignupForm):
        return _editor(visit, form, draft, saved)
    return visit.redirect(f"{LIST}/{saved.id}?said=saved")


def _editor(visit: Visit, form: SignupForm | None, draft: SignupDraft, faults: Mapping[str, str]) -> Response:
    language = visit.language or visit.settings.language
    known = {line.scope: line for line in askable(visit.session, at=visit.at)}
    facts: dict[str, Any] = {"form": form, "draft": draft, "topics": list(known.values())}
    facts["gone"] = [scope for scope in draft.topics if scope not in known] if form else []
    if form is not None:
        facts["waiting"] = count_waiting(visit.session, at=visit.at).get(form.id, 0)
        facts["url"] = f"{visit.settings.base_url}/join/{form.name}"
        facts["snippet"] = snippet_for(visit.session, form, visit.settings, at=visit.at)
    facts["faults"] = {name: gettext(said, language) for name, said in faults.items()}
    return visit.page("console/signup_form.html", status=422 if faults else 200, said=visit.query("said"), **facts)


def snippet_for(session: Session, form: SignupForm, settings: Settings, *, at: datetime) -> str:
    """The HTML by which another site shows this form, in the form's language."""
    language = form.language or settings.language
    return snippet(
        f"{settings.base_url}/join/{form.name}",
        form.title,
        lines_among(session, form.topics, at=at, language=language),
        address=gettext("Your email address", language),
        choose=gettext("What do you agree to?", language),
        button=gettext("Sign up", language),
    )


PLACES = (
    Place(LIST, list_forms, role=Role.EDITOR),
    Place(f"{LIST}/new", show_new_form, role=Role.EDITOR),
    Place(f"{LIST}/new", add_form, methods=("POST",), role=Role.EDITOR),
    Place(PAGE, show_form, role=Role.EDITOR),
    Place(PAGE, change_form, methods=("POST",), role=Role.EDITOR),
    Place(f"{PAGE}/preview", preview_form, role=Role.EDITOR),
)
