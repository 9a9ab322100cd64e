"""Open texts, read and searched without names: a page of them, their words, their codes, quotes for a report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from core.errors import NotFound
from core.language import gettext as _
from surveys.domain.anonymity import Anonymity
from surveys.domain.answer_counts import Selected
from surveys.domain.lenses import WHOLE, Lens
from surveys.domain.questions import Question
from surveys.domain.quotes import quoted
from surveys.domain.statistics.co_occurrence import Pair, co_occurrence
from surveys.domain.suppression import LEAST, is_small
from surveys.domain.tallies import Share, share_of
from surveys.domain.word_counts import LanguageWords, count_words, words_in
from surveys.storage.answer_figures import Looked, look
from surveys.storage.coding_frames import TextCode, all_codings, frame_of
from surveys.storage.open_texts import OpenText, names_of, texts_of
from surveys.storage.surveys import Survey

PAGE = 50
MOST_PAIRS = 30
UNCODED = "-"


@dataclass(frozen=True)
class TextWish:
    """Which texts: with these words, with this code (`-`: with none), after this response."""

    search: str = ""
    code: str = ""
    after: int = 0
    limit: int = PAGE


@dataclass(frozen=True)
class CodedText:
    """A text and the names of its codes."""

    text: OpenText
    codes: frozenset[str]


@dataclass(frozen=True)
class Texts:
    """One question's texts: those asked for, the frame, and where the next page begins (0: nowhere)."""

    question: Question
    looked: Looked
    frame: Sequence[TextCode]
    texts: Sequence[CodedText]
    following: int = 0


def read_texts(
    session: Session, survey: Survey, name: str, wish: TextWish, lens: Lens = WHOLE, *, at: datetime
) -> Texts:
    """Read a page of texts.

    Raises:
        NotFound: there is no such question.
        BadInput: see `look`.
    """
    question, looked = _about(session, survey, name, lens, at)
    frame = frame_of(session, survey.id, name)
    found: list[CodedText] = []
    for each in _chosen(session, survey, looked, frame, name, wish):
        if len(found) >= wish.limit and each.text.response_id != found[-1].text.response_id:
            return Texts(question, looked, frame, found, found[-1].text.response_id)
        found.append(each)
    return Texts(question, looked, frame, found)


def _about(session: Session, survey: Survey, name: str, lens: Lens, at: datetime) -> tuple[Question, Looked]:
    looked = look(session, survey, lens, at=at, questions={name})
    question = looked.asked.by_name.get(name)
    if question is None:
        raise NotFound(_("There is no question of that name."))
    return question, looked


def _chosen(
    session: Session, survey: Survey, looked: Looked, frame: Sequence[TextCode], name: str, wish: TextWish
) -> Iterator[CodedText]:
    if looked.withheld or (looked.anonymous and _few(session, survey, name)):
        return
    allowed = _numbers(looked.selected) if looked.size != looked.everybody or looked.screened else None
    names = {code.id: code.name for code in frame}
    codings = all_codings(session, names)
    needle = wish.search.casefold()
    for text in texts_of(session, survey, name, after=wish.after):
        codes = frozenset(names[code] for code in codings.get(text.response_id, ()))
        fits = not wish.code or (not codes if wish.code == UNCODED else wish.code in codes)
        if fits and (allowed is None or text.response_id in allowed) and needle in text.text.casefold():
            yield CodedText(text, codes)


def _few(session: Session, survey: Survey, name: str) -> bool:
    """Say whether so few wrote something that each would tell of who did."""
    return is_small(len({each.response_id for each in islice(texts_of(session, survey, name), LEAST)}))


def _numbers(selected: Sequence[Selected]) -> set[int]:
    """The responses that the lens lets through."""
    return {number for each in selected for number in each.chosen(each.sheet.ids)}


@dataclass(frozen=True)
class Words:
    """What the texts of one question are about: words by language, codes with their shares, and what goes together."""

    question: Question
    looked: Looked
    languages: Sequence[LanguageWords]
    word_pairs: Sequence[Pair]
    codes: Sequence[Share]
    code_pairs: Sequence[Pair]
    coded: int


def count_text_words(session: Session, survey: Survey, name: str, lens: Lens = WHOLE, *, at: datetime) -> Words:
    """Count words and codes; of anonymous texts those words alone that several people used.

    Raises:
        NotFound: there is no such question.
        BadInput: see `look`.
    """
    question, looked = _about(session, survey, name, lens, at)
    frame = frame_of(session, survey.id, name)
    found = list(_chosen(session, survey, looked, frame, name, TextWish()))
    least = LEAST if looked.anonymous else 1
    languages = count_words(((each.text.language, each.text.text) for each in found), least=least)
    frequent = {word for language in languages for word, _count in language.words}
    sets = [words_in(each.text.text, each.text.language) & frequent for each in found]
    coded = [each.codes for each in found if each.codes]
    labels = {code.name: code.label for code in frame}
    shares = [share_of(code.name, code.label, sum(code.name in codes for codes in coded), len(coded)) for code in frame]
    pairs = co_occurrence([{labels[name] for name in codes} for codes in coded])
    return Words(
        question,
        looked,
        languages,
        [pair for pair in co_occurrence(sets) if pair.both >= max(2, least)][:MOST_PAIRS],
        shares,
        [pair for pair in pairs if pair.both >= least][:MOST_PAIRS],
        len(coded),
    )


def quotes_of(
    session: Session, survey: Survey, name: str, wish: TextWish, lens: Lens = WHOLE, *, at: datetime
) -> list[tuple[str, str, str]]:
    """(quote, language, codes) of every text asked for, without names, in the order of the words: no order of people.

    Raises:
        NotFound: there is no such question.
        BadInput: see `look`.
    """
    _question, looked = _about(session, survey, name, lens, at)
    frame = frame_of(session, survey.id, name)
    labels = {code.name: code.label for code in frame}
    found = list(_chosen(session, survey, looked, frame, name, wish))
    known = survey.mode is Anonymity.IDENTIFIED
    names = names_of(session, [each.text.response_id for each in found]) if known else {}
    return sorted(
        (
            quoted(each.text.text, names.get(each.text.response_id, ())),
            each.text.language,
            "; ".join(labels[code] for code in labels if code in each.codes),
        )
        for each in found
    )
