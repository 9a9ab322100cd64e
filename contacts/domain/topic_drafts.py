"""Topic drafts: what a team may call a topic that it adds, and what it says of it."""

from dataclasses import dataclass

from contacts.domain.scopes import MARKETING, RESEARCH, is_topic
from core.cards import mask_card_numbers
from core.errors import BadInput

ADDABLE = (MARKETING, RESEARCH)
"""Below what a topic can be added; partners have a registry of their own."""
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 500


@dataclass(frozen=True)
class TopicWords:
    """What people read of a topic; its name is its identity and no part of this."""

    title: str
    description: str = ""

    @classmethod
    def read(cls, title: str, description: str = "") -> "TopicWords":
        """What was written, on one line each, with card numbers masked (P8).

        Raises:
            BadInput: the title is missing, or one of both is too long.
        """
        title, description = (" ".join(mask_card_numbers(each).split()) for each in (title, description))
        if not title:
            raise BadInput(
                "A topic needs a title.", field="title", remedy="Write what people will read, such as Events."
            )
        for field, text, most in (("title", title, LONGEST_TITLE), ("description", description, LONGEST_DESCRIPTION)):
            if len(text) > most:
                raise BadInput(f"The {field} is longer than {most} characters.", field=field, remedy="Shorten it.")
        return cls(title, description)


def read_topic_name(written: str) -> str:
    """The name of a topic that can be added.

    Raises:
        BadInput: it stands below neither marketing nor research, or is not written as names are.
    """
    name = written.strip().lower()
    group, _colon, short = name.partition(":")
    if group not in ADDABLE or not short or not is_topic(name):
        raise BadInput(
            f"“{written.strip()}” cannot be the name of a new topic.",
            field="name",
            remedy="Write marketing:<short name> or research:<short name>, of small letters, digits and hyphens, at "
            "most 40; such as marketing:events. Partners are added as partners.",
        )
    return name
