"""Sign-up forms as the team writes them: what a form needs before anybody may see it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from contacts.domain.scopes import is_permittable

LONGEST_NAME = 60
LONGEST_TITLE = 200
LONGEST_WORDING = 5_000
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TAKEN = frozenset({"confirm", "new"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class SignupDraft:
    """What the team says of a form; `topics` are scopes, `language` empty for the house's own."""

    name: str
    title: str
    wording: str
    topics: tuple[str, ...]
    language: str = ""
    active: bool = True


def faults_of(draft: SignupDraft, offered: Collection[str]) -> Mapping[str, str]:
    """What is wrong, by field; nothing if the form can be used. `offered` are the scopes that a form may ask for."""
    faults: dict[str, str] = {}
    if not _NAME.fullmatch(draft.name) or len(draft.name) > LONGEST_NAME or draft.name in _TAKEN:
        faults["name"] = "A name is small letters, digits and hyphens, such as newsletter; it stands in the address."
    if not 0 < len(draft.title) <= LONGEST_TITLE:
        faults["title"] = f"Give it a title of at most {LONGEST_TITLE} characters."
    if not 0 < len(draft.wording) <= LONGEST_WORDING:
        faults["wording"] = "Say in a sentence or two what people agree to; this is what their consent will name."
    if not draft.topics:
        faults["topics"] = "Choose at least one topic."
    elif not all(is_permittable(each) and each in offered for each in draft.topics):
        faults["topics"] = "One of these topics is closed, or our policy gives no room for it on a form."
    if draft.language and not _LANGUAGE.fullmatch(draft.language):
        faults["language"] = "A language is a tag such as de or pt-BR."
    return faults
