"""Coding of open texts: the frame of a question, and the codes of one text after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.errors import BadInput, NotFound
from core.language import gettext as _
from surveys.domain.choice_names import choices_in
from surveys.storage.coding_frames import KEYS, TextCode, all_codings, code_text, codes_of, frame_of, store_frame
from surveys.storage.open_texts import OpenText, text_stands, texts_of
from surveys.storage.surveys import Survey

LONGEST_LABEL = 200


@dataclass(frozen=True)
class Desk:
    """The next text to be coded with the codes it has, the frame, and how many are coded and left."""

    frame: Sequence[TextCode]
    texts: Sequence[OpenText]
    codes: frozenset[int]
    coded: int

    @property
    def response_id(self) -> int:
        """The response whose text it is; 0 where all are coded."""
        return self.texts[0].response_id if self.texts else 0


def set_frame(session: Session, survey: Survey, question: str, written: str) -> None:
    """Make these lines the frame: `name = Label`, or a label alone; a line that is gone takes its codings along.

    Raises:
        BadInput: too many, too long, or twice the same.
    """
    codes = [(each["name"], each["label"]) for each in choices_in(written)]
    for name, label in codes:
        if len(label) > LONGEST_LABEL:
            message = _("A code has 1 to {most} characters: “{line}”.").format(most=LONGEST_LABEL, line=label[:60])
            raise BadInput(message, field="frame")
        if [known for known, _label in codes].count(name) > 1:
            raise BadInput(_("The code “{name}” stands there twice.").format(name=name), field="frame")
    if len(codes) > len(KEYS):
        raise BadInput(_("A frame has at most {most} codes.").format(most=len(KEYS)), field="frame")
    store_frame(session, survey.id, question, codes)


def give_codes(session: Session, survey: Survey, question: str, response_id: int, names: Sequence[str]) -> None:
    """Give one text exactly these codes.

    Raises:
        NotFound: there is no such text.
    """
    frame = frame_of(session, survey.id, question)
    if not text_stands(session, survey, question, response_id):
        raise NotFound(_("There is no such text."))
    code_text(session, survey.id, response_id, {code.id for code in frame if code.name in names}, {c.id for c in frame})


def next_text(session: Session, survey: Survey, question: str, *, after: int = 0, at_response: int = 0) -> Desk:
    """The text of that response, or the next one after `after` that has no code."""
    frame = frame_of(session, survey.id, question)
    numbers = [code.id for code in frame]
    done = all_codings(session, numbers).keys()
    found: list[OpenText] = []
    for each in texts_of(session, survey, question, after=at_response - 1 if at_response else after):
        if found and each.response_id != found[0].response_id:
            break
        if found or at_response or each.response_id not in done:
            found.append(each)
    codes = codes_of(session, numbers, [found[0].response_id]) if found else {}
    return Desk(frame, found, frozenset(codes.get(found[0].response_id, ()) if found else ()), len(done))
