"""Publishing a new version of the policy; what was permitted before stays as it was permitted (P27)."""

from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.policy import Rules
from contacts.domain.policy_drafts import read_version
from contacts.storage.policies import Policy, all_policies, policy_named, publish_policy
from core.cards import mask_card_numbers
from core.errors import BadInput, Conflict

LONGEST_TEXT = 500_000


def publish_version(
    session: Session, version: str, preset: str, rules: Rules, *, wording: str, at: datetime, operator: str
) -> Policy:
    """Publish a version with its rules and the text that people can read; it is in force from this commit on.

    Raises:
        BadInput: a part of it cannot be published.
        Conflict: there is a version of this name, or one that was published later than now.
    """
    version, wording = read_version(version), mask_card_numbers(wording).strip()
    if not wording:
        raise BadInput(
            "The text of the privacy policy is missing.", field="wording", remedy="A version is what people could read."
        )
    if len(wording) > LONGEST_TEXT or "\0" in wording:
        raise BadInput("The text cannot be kept.", field="wording", remedy="Give plain text, HTML or Markdown.")
    known = all_policies(session)
    if any(each.version == version for each in known):
        raise Conflict(f"There is a version “{version}” already, and it never changes.", remedy="Choose another name.")
    if known and known[0].published_at >= at:
        raise Conflict("The version in force was published later than now.", remedy="Look at this machine's clock.")
    publish_policy(session, version, preset, at=at, wording=wording, rules=rules, operator=operator)
    return policy_named(session, version)
