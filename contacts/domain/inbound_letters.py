"""Inbound letters: what comes back to the address of our mail, told apart: stops, bounces, complaints, questions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum
from typing import cast

from contacts.domain.delivery_reports import Report, read_reports
from contacts.domain.own_words import own_words
from contacts.domain.stop_letters import read_letter, shown
from contacts.domain.stop_words import says_stop

LONGEST_WORDS = 4_000
_FIRST_LINES = 3
_ANSWER = re.compile(r"\s*(?:re|aw|antw|sv|vs|rv|odp|ynt|fwd?|wg|tr|rif|回复|答复)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:dear|hi|hello|hey|good (?:morning|day|evening)|hallo|guten (?:tag|morgen|abend)|sehr geehrte\w*|liebe\w*|moin|"
    r"bonjour|bonsoir|madame|hola|buen[oa]s \w+|estimad\w+|buongiorno|salve|gentil\w+|ol[aá]|beste|geachte\w*|"
    r"hej|dzień dobry)"
    r"\b[^.?!:]{0,60}[,!.:]?",
    re.IGNORECASE,
)


class Meaning(StrEnum):
    """What a letter is."""

    STOP = "stop"
    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    QUESTION = "question"
    EMPTY = "empty"


@dataclass(frozen=True)
class Inbound:
    """What a letter means, whom it may speak of (tokens in it, its writer), and the writer's own words."""

    meaning: Meaning
    tokens: tuple[str, ...]
    about: str
    words: str
    reports: tuple[Report, ...]
    by_button: bool


def read_inbound(raw: bytes) -> Inbound:
    """Read any mail, however broken, that came to our reply address.

    Only the writer's own first words count: never what they quote, for our own mail speaks of unsubscribing, too. What
    no person wrote (RFC 3834) means nothing, whatever stands in it; a delivery report (RFC 3464) is a bounce.
    """
    message, letter = message_from_bytes(raw), read_letter(raw)
    status = next((part for part in message.walk() if part.get_content_type() == "message/delivery-status"), None)
    reports = tuple(read_reports(status)) if status is not None else ()
    subject, words = shown(message.get("Subject", "")), own_words(list(_top(message)))
    by_button = any(token in subject for token in letter.tokens)
    if letter.complaint:
        meaning = Meaning.COMPLAINT
    elif status is not None:
        meaning = Meaning.BOUNCE
    elif by_button or not letter.automatic:
        meaning = _meaning(subject, words, by_button=by_button)
    else:
        meaning = Meaning.AUTOMATIC
    return Inbound(meaning, letter.tokens, letter.about, words[:LONGEST_WORDS], reports, by_button)


def _meaning(subject: str, words: str, *, by_button: bool) -> Meaning:
    own_subject = "" if _ANSWER.match(subject) else subject
    if by_button or says_stop(own_subject) or any(says_stop(line) for line in first_words(words)):
        return Meaning.STOP
    return Meaning.QUESTION if words else Meaning.EMPTY


def first_words(words: str) -> Iterator[str]:
    """The first line that is no greeting, then the first lines together: mail programs break lines anywhere."""
    lines = [line for line in words.split("\n") if line.strip()]
    while lines and _GREETING.fullmatch(lines[0].strip()) and not says_stop(lines[0]):
        lines.pop(0)
    yield from lines[:1]
    paragraph = words[words.find(lines[0]) :].split("\n\n", 1)[0] if lines else ""
    yield " ".join(paragraph.split("\n")[:_FIRST_LINES])


def _top(part: Message) -> Iterator[Message]:
    """The parts of a letter that are its own: none that is attached, and none of a mail inside it."""
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() == "message":
        return
    payload = part.get_payload()
    if part.is_multipart() and isinstance(payload, list):
        for each in payload:
            yield from _top(cast(Message, each))
    else:
        yield part
