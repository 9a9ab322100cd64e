"""Words of open texts: how many people used each, in each language, and which stand together; for reading many."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.domain.quotes import ADDRESS, LINK

WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
"""Japanese and Chinese stand without spaces: there pairs of characters are counted."""
SHORTEST = 3
MOST = 50

_COMMON: Mapping[str, str] = {
    "en": (
        "the and that this with for are was were been have has had not but you your they them their its his her our "
        "from can could would should will just too very more much than then there here when what which who how all "
        "any some one also only into out about because did does don't doesn't isn't it's i'm i've really would"
    ),
    "de": (
        "der die das und ist sind war waren ein eine einer eines einem einen nicht aber auch auf aus bei mit nach von "
        "vor zum zur den dem des ich wir ihr sie mir mich uns sich man nur noch schon sehr mehr als wie wenn was wer "
        "wo hat habe haben wird werden kann können dass oder für über unter durch immer hier dort dann doch so es er"
    ),
    "fr": (
        "les des une est sont pas plus que qui quoi dans pour par sur avec sans mais ou et donc car nous vous ils "
        "elles leur leurs mon mes son ses notre votre cette ces était être avoir fait très aussi tout tous bien peu "
        "trop comme quand c'est j'ai n'est d'un d'une aux elle lui même"
    ),
    "es": (
        "los las una unos unas que con por para sin sobre pero como más muy está están son fue era ser hay han del al "
        "este esta estos estas eso esa todo todos nos les sus mis cuando donde porque también algo nada bien ya"
    ),
}
COMMON = {language: frozenset(words.split()) for language, words in _COMMON.items()}
"""Words that hold sentences together and say nothing of what they are about."""


@dataclass(frozen=True)
class LanguageWords:
    """The words of one language: how many texts there are, and how many of them use each, most used first."""

    language: str
    texts: int
    words: tuple[tuple[str, int], ...]


def words_in(text: str, language: str) -> set[str]:
    """The words that say something, each once; small letters."""
    folded = LINK.sub(" ", ADDRESS.sub(" ", text)).casefold().replace("’", "'")
    pairs = {run[place : place + 2] for run in UNSPACED.findall(folded) for place in range(len(run) - 1)}
    spaced = UNSPACED.sub(" ", folded)
    common = COMMON.get(language.partition("-")[0].partition("_")[0], frozenset())
    return pairs | {word for word in WORD.findall(spaced) if len(word) >= SHORTEST and word not in common}


def count_words(texts: Iterable[tuple[str, str]], *, least: int = 1) -> list[LanguageWords]:
    """Count the words of (language, text), by language; the most frequent of those in at least `least` texts."""
    sizes: Counter[str] = Counter()
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for language, text in texts:
        sizes[language] += 1
        counts[language].update(words_in(text, language))
    return [LanguageWords(language, size, _top(counts[language], least)) for language, size in sizes.most_common()]


def _top(words: Counter[str], least: int) -> tuple[tuple[str, int], ...]:
    kept = [(word, count) for word, count in words.items() if count >= least]
    return tuple(sorted(kept, key=lambda each: (-each[1], each[0]))[:MOST])
