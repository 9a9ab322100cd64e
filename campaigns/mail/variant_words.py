"""What a variant of a mailing says: its own subject, preheader and content, and everything else as the mailing."""

from dataclasses import dataclass
from typing import Any, Protocol

from campaigns.mail.contexts import Words
from campaigns.mail.shipped import Sources


class Says(Protocol):
    """A variant, or a mailing: what is sent of it."""

    subject: Any
    preheader: Any
    content: Any
    subject_template: Any
    html: Any
    text: Any


@dataclass(slots=True)
class VariantWords:
    """The words of one variant."""

    title: str
    topic: str
    subject: str
    preheader: str
    content: Any
    sender_name: str
    sender_email: str
    reply_to: str


def spoken(words: Words, variant: Says | None) -> Words:
    """The words with what the variant says in their place; None: the words themselves."""
    if variant is None:
        return words
    return VariantWords(
        title=words.title,
        topic=words.topic,
        subject=variant.subject,
        preheader=variant.preheader,
        content=variant.content,
        sender_name=words.sender_name,
        sender_email=words.sender_email,
        reply_to=words.reply_to,
    )


def sent(says: Says) -> Sources:
    """The templates that are sent of a mailing or a variant."""
    return Sources(says.subject_template, says.html, says.text)
