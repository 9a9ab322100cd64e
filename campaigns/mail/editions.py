"""A mailing ready to be written: what all of its messages share, read once, and one message made from it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import count

from jinja2 import TemplateError

from campaigns.domain.message_urls import click_url
from campaigns.mail.composing import Written, compose
from campaigns.mail.contexts import variables
from campaigns.mail.flows import Unusual
from campaigns.mail.imprints import Imprint
from campaigns.mail.letters import letter
from campaigns.mail.presses import Press
from campaigns.mail.rewriting import rewrite_html, rewrite_text
from campaigns.mail.sandbox import RenderedMail
from contacts.storage.contacts import Person
from core.errors import BadInput

__all__ = ["Edition", "Written"]

log = logging.getLogger("heedful.editions")

PRESS_FROM = 20
"""Messages expected before a press is set up: that takes as long as writing some dozens of them by hand."""

_CALCULATED = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
_NOT_PRESSED = (Unusual, TemplateError, BadInput, *_CALCULATED)
_NO_PRESS = (*_NOT_PRESSED, SyntaxError, MemoryError)


@dataclass(frozen=True)
class Edition(Imprint):
    """Writes the messages of one mailing, or those of one variant of it: on a press if that can be, else by hand."""

    press_from: int = PRESS_FROM
    _expected: Iterator[int] = field(default_factory=count, init=False, repr=False, compare=False)

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
        """Write message `number`; where `tracked`, links to stored destinations become click-throughs (P20).

        Raises:
            BadInput: a template is not valid, a variable is missing for this contact, or a value cannot be written;
                names the part and line.
        """
        press: Press | None = vars(self).get("press")
        if press is not None:
            try:
                return press.write(person, number, reference, tracked=tracked, at=at, smtputf8=smtputf8)
            except _NOT_PRESSED:  # by hand it succeeds, or says in the author's words what is wrong
                pass
        return self.write_by_hand(person, number, reference, tracked=tracked, at=at, smtputf8=smtputf8)

    def expect(self) -> None:
        """Count a message that is to be written; set up a press once there are enough, where nobody waits for it."""
        if next(self._expected) == self.press_from:
            log.debug("an edition is pressed", extra={"mailing": self.mailing_id, "pressed": self.press is not None})

    @cached_property
    def press(self) -> Press | None:
        """What writes messages fast; None where the templates are too unusual for it."""
        try:
            return Press(self)
        except _NO_PRESS:
            log.info("written by hand: the templates are unusual", extra={"mailing": self.mailing_id})
            return None

    def write_by_hand(
        self,
        person: Person,
        number: int,
        reference: int | None,
        *,
        tracked: bool,
        at: datetime,
        smtputf8: bool = False,
    ) -> Written:
        """Write a message step by step, rendering, rewriting and composing all of it; the same as the press does.

        Raises:
            BadInput: as `write`.
        """
        urls = self.urls(person.address_key, reference)
        mail = self.compiled.render(variables(person, self.words, self.head, urls))
        if tracked and self.links:
            mail = self._clicked_through(mail, number)
        said = letter(self.words, mail, person, self.head, urls, at=at, feedback_id=self.feedback_id, smtputf8=smtputf8)
        return Written(compose(said), said.sender_email, said.to_email, said.message_id)

    def _clicked_through(self, mail: RenderedMail, number: int) -> RenderedMail:
        def through(address: str) -> str | None:
            link_id = self.links.get(address)
            return None if link_id is None else click_url(self.keyring, self.head.base_url, number, link_id)

        return replace(mail, html=rewrite_html(mail.html, through), text=rewrite_text(mail.text, through))
