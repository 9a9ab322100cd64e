"""Writes the messages of an edition at the speed of joining texts: everything they share is prepared once."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from jinja2 import nodes

from campaigns.domain.stamps import Stamps
from campaigns.mail.composing import Written
from campaigns.mail.contexts import contact_fields, shared_variables
from campaigns.mail.fields import Fields, fields_of
from campaigns.mail.headers import header
from campaigns.mail.imprints import Imprint
from campaigns.mail.marks import Clicks, Marks
from campaigns.mail.moulds import Page, Part, Title, asked_of_contacts
from campaigns.mail.own_places import WAYS
from campaigns.mail.pouring import Pourer
from campaigns.mail.quoted import piece, whole
from campaigns.mail.retelling import Retelling
from campaigns.mail.rewriting import rewrite_text
from campaigns.mail.sandbox import on_one_line
from campaigns.mail.skeletons import Skeleton
from contacts.storage.contacts import Person

_MOST_TITLES = 1024
"""Subjects that are kept encoded, for those of the same name."""


class Press:
    """Writes messages, each the same as written by hand."""

    def __init__(self, imprint: Imprint) -> None:
        """Prepare what the messages share.

        Raises:
            BadInput: a header cannot be written.
            Unusual: these templates are better written by hand.
            TemplateSyntaxError: one is no valid template.
        """
        self.imprint = imprint
        valid = imprint.compiled  # what is no template is refused, even where no message would come to it
        self.skeleton = Skeleton(imprint)
        self.stamps = stamps = Stamps(
            imprint.keyring,
            imprint.head.base_url,
            topic_id=imprint.topic_id,
            mailing_id=imprint.mailing_id,
            personal=imprint.personal,
        )
        templates, base = imprint.templates, imprint.head.base_url
        pourer = Pourer(imprint.links, f"{base}/")
        shared = fields_of(shared_variables(imprint.words, imprint.head))
        self.html = Page(templates.html, pourer, shared)
        self.text = Part(templates.text, pourer, shared) if templates.text else None
        self.retelling = None if self.text else Retelling(templates.html, pourer, shared)
        self.subject = Title(templates.subject, pourer, shared)
        self.marks = Marks([self.html.links, self.text.links if self.text else []], imprint, stamps)
        trees = [part.tree for part in (self.html, self.text, self.subject) if part]
        self._asked = {each.name for tree in trees for each in tree.find_all(nodes.Name)}
        self._fields = asked_of_contacts(trees)
        self._leave = f"{base}/u/"
        self._titled = lru_cache(_MOST_TITLES)(partial(header, "Subject"))
        self._title = header("Subject", valid.title(shared)) if _is_fixed(self.subject.tree) else b""

    def write(
        self,
        person: Person,
        number: int,
        reference: int | None,
        *,
        tracked: bool,
        at: datetime,
        smtputf8: bool = False,
    ) -> Written:
        """Write message `number`.

        Raises:
            BadInput, Unusual, and what templates raise: written by hand it succeeds, or says what is wrong.
        """
        token = self.stamps.leave(person.address_key)
        values = self._values(person, token, reference)
        clicks = self.marks.clicks(number) if tracked and self.imprint.links else None
        marks = self.marks.tracked(clicks) if clicks else self.marks.untracked
        ways = [piece(values[name]) for name in reversed(WAYS)]
        html = self.html.fill(values, marks[0] + ways, clicks)
        text = self.text.fill(values, marks[1] + ways, clicks) if self.text else self._retold(values, clicks)
        subject = self._title or self._titled(on_one_line(self.subject.text(values)))
        head, message_id = self.skeleton.write(person.name, person.address, subject, token, at, utf8=smtputf8)
        frame = self.skeleton.frame
        message = b"".join((head, text, frame.between, html, frame.closing))
        return Written(message, self.skeleton.sender_email, person.address, message_id)

    def _values(self, person: Person, token: str, reference: int | None) -> dict[str, Any]:
        """What the templates may use and only this message has; what nobody asks for is not signed."""
        preferences = self.stamps.preferences(person.address_key) if "preferences_url" in self._asked else ""
        personal = self.stamps.personal(reference) if "personal_url" in self._asked else ""
        urls = {"unsubscribe_url": self._leave + token, "preferences_url": preferences, "personal_url": personal}
        return {"contact": Fields("contact", contact_fields(person, self._fields)), **urls}

    def _retold(self, values: Mapping[str, Any], clicks: Clicks | None) -> bytes:
        """Write the text part of a mailing that has no template for it."""
        links = self.imprint.links
        text = self.retelling.text(values) if self.retelling else ""
        if clicks is None:
            return whole(text)
        return whole(rewrite_text(text, lambda address: clicks.url(links[address]) if address in links else None))


def _is_fixed(tree: nodes.Template) -> bool:
    written = [child for each in tree.body for child in (each.nodes if isinstance(each, nodes.Output) else [each])]
    return all(isinstance(each, nodes.TemplateData) for each in written)
