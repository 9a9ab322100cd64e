"""Files added to a page of the form: judged, kept with the answer that names them; then the page goes on as any."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.errors import HeedfulError
from core.web.visits import Answer, Place, Visit
from surveys.domain.anonymity import Anonymity
from surveys.domain.kinds.file_upload import MEGABYTE, FileUpload
from surveys.domain.turns import Act, Turn
from surveys.services.respond import Press, look, press_all
from surveys.storage.added_files import keep_upload
from surveys.storage.answer_sheets import Standing
from surveys.web.survey_form import PATH, answer_together, read_sent, tell


@dataclass(frozen=True)
class Taken:
    """What became of the files of one page: contents to keep, by question, and what their questions read."""

    contents: Mapping[str, bytes]
    kept: Mapping[str, list[str]]
    refused: Mapping[str, list[str]]


def answer_with_files(visit: Visit) -> Answer:
    """Keep the files that came along, then do what the button says."""
    sent = read_sent(visit)
    if sent.press and sent.link.invitation:
        sent = replace(sent, press=_with_files(visit, sent.press))
    (said,) = answer_together(visit.session, [sent])
    if isinstance(said, HeedfulError):
        raise said
    return tell(visit, said)


def _with_files(visit: Visit, sent: Press) -> Press:
    """Keep the files as if the person had stayed on the page: a fault elsewhere on it loses none of them."""
    sheet = look(visit.session, sent.link, at=visit.at)
    stop = sheet.road.stop(sent.turn.page) if sheet.standing is Standing.OPEN else None
    if stop is None or sheet.survey.mode is not Anonymity.IDENTIFIED:
        return sent
    taken = _taken(visit, [question for question in stop.questions if isinstance(question, FileUpload)])
    if taken.kept:
        stay = Turn(sent.turn.page, {**sent.turn.posted, **taken.kept}, Act.STAY)
        (pressed,) = press_all(visit.session, [replace(sent, turn=stay, seconds=None)], at=visit.at)
        if isinstance(pressed, HeedfulError) or pressed.step is None or pressed.sheet.response is None:
            return sent
        for name, content in taken.contents.items():
            for cell in pressed.step.changed.get(name, ()):  # an answer that ended the survey here left none
                keep_upload(visit.session, pressed.sheet.response.id, name, cell, content, visit.at)
    return replace(sent, turn=replace(sent.turn, posted={**sent.turn.posted, **taken.refused}))


def _taken(visit: Visit, questions: list[FileUpload]) -> Taken:
    contents: dict[str, bytes] = {}
    kept: dict[str, list[str]] = {}
    refused: dict[str, list[str]] = {}
    for question in questions:
        file = visit.file(f"{question.name}-file")
        if file is not None:
            content = file.file.read(question.megabytes * MEGABYTE + 1)
            reference = question.reference(file.filename or "", content)
            if reference.startswith("!"):
                refused[question.carrier] = [reference]
            else:
                contents[question.name], kept[question.carrier] = content, [reference]
        elif visit.text(f"{question.name}-away"):
            kept[question.carrier] = []
    return Taken(contents, kept, refused)


PLACES = (Place(PATH + "/files", answer_with_files, methods=("POST",), attachments=True),)
