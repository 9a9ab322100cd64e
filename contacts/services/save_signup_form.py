"""Saving a sign-up form, for console and terminal: it asks only for what is open and what the policy has room for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.policy import Basis, Source, rule_for
from contacts.domain.signup_drafts import SignupDraft, faults_of
from contacts.domain.wordings import Line
from contacts.storage.offerings import offered_lines
from contacts.storage.policies import current_policy, policy_table
from contacts.storage.signup_forms import SignupForm, add_form, change_form, form_named


def askable(session: Session, *, at: datetime) -> Sequence[Line]:
    """What a form may ask for now: open, and justified by an address from a mailing list."""
    policy, version = policy_table(session), current_policy(session)

    def has_room(line: Line) -> bool:
        return rule_for(policy, version, Source.MAILING_LIST, line.scope).basis is not Basis.NONE

    return [line for line in offered_lines(session, at=at) if has_room(line)]


def save_form(
    session: Session, draft: SignupDraft, *, at: datetime, form: SignupForm | None = None
) -> SignupForm | Mapping[str, str]:
    """Save a new form, or other words for one; or what is wrong, by field, and nothing is saved.

    Requests under way keep the wording that they were made under. What a form asked for already may stay in it.
    """
    offered = {line.scope for line in askable(session, at=at)} | set(form.topics if form else ())
    faults = dict(faults_of(draft, offered))
    if form is None and form_named(session, draft.name) is not None:
        faults["name"] = "There is a form of this name already."
    if faults:
        return faults
    if form is None:
        return add_form(session, draft, at=at)
    change_form(session, form, draft)
    return form
