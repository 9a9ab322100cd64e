"""A trial of variants as a team writes it: what each says instead, who gets them first, and what decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from campaigns.domain.file_slips import LONGEST_LINE, is_line, line_remedy
from campaigns.domain.toml_text import line_of, refuse_unknown
from campaigns.domain.winners import MOST_VARIANTS, Criterion, Unclear, letter_of
from core.cards import mask_card_numbers
from core.errors import BadInput
from core.language import gettext as _

LIMITS = {"share": (1, 100), "wait_hours": (1, 168), "confidence": (80, 99)}
WORDS = ("subject", "preheader", "html", "text", "html_file", "text_file")


@dataclass(frozen=True)
class DraftVariant:
    """What a variant says in place of the campaign's own words; what is empty stays as in the campaign."""

    subject: str = ""
    preheader: str = ""
    html: str = ""
    text: str = ""
    html_file: str = ""
    text_file: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DraftTrial:
    """How variants compete: `share` percent of the audience get them first, the rest what has won.

    It is decided `wait_hours` after everybody of that share was tried; `confidence` in percent. Without variants
    there is no trial.
    """

    share: int = 20
    wait_hours: int = 4
    winner: str = Criterion.CLICKS.value
    confidence: int = 95
    unclear: str = Unclear.FIRST.value
    variants: tuple[DraftVariant, ...] = ()


_CHOICES = {"winner": Criterion, "unclear": Unclear}


def read_trial(given: Mapping[str, Any], text: str) -> DraftTrial:
    """Read the table [trial] of a campaign file.

    Raises:
        BadInput: with line and key of the first mistake.
    """
    table = given.get("trial", {})
    if not isinstance(table, dict):
        raise _wrong("trial", _("“trial” must be a table."), text, _("Begin it with a line [trial]."))
    refuse_unknown(table, (each.name for each in fields(DraftTrial)), text, "trial")
    rows = table.get("variants", [])
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        said = _("“variants” must be tables.")
        raise _wrong("variants", said, text, _("Begin each with a line [[trial.variants]]."))
    return DraftTrial(**table | {"variants": tuple(_variant(each, text) for each in rows)})


def _variant(row: Mapping[str, Any], text: str) -> DraftVariant:
    refuse_unknown(row, (each.name for each in fields(DraftVariant)), text, "trial", "variants")
    for key, value in row.items():
        wanted = dict if key == "content" else str
        if not isinstance(value, wanted):
            raise _wrong(key, _("The value of “{key}” of a variant is of the wrong kind.").format(key=key), text)
    return DraftVariant(**row)


def check_trial(trial: DraftTrial, text: str = "") -> None:
    """Refuse a trial that cannot work, whether it came from a file or a form.

    Raises:
        BadInput: naming the key, and the line where there is a file.
    """
    for key, (least, most) in LIMITS.items():
        value = getattr(trial, key)
        if type(value) is not int or not least <= value <= most:
            said = _("The value of “{key}” must be a whole number from {least} to {most}.")
            raise _wrong(key, said.format(key=key, least=least, most=most), text)
    for key, choices in _CHOICES.items():
        if getattr(trial, key) not in set(choices):
            said = _("The value of “{key}” must be one of: {words}.")
            raise _wrong(key, said.format(key=key, words=", ".join(choices)), text)
    if len(trial.variants) >= MOST_VARIANTS:
        said = _("At most {most} variants can compete, the campaign's own words among them.")
        raise _wrong("variants", said.format(most=MOST_VARIANTS), text)
    for number, variant in enumerate(trial.variants, 2):
        _check_variant(letter_of(number), variant, text)


def _check_variant(letter: str, variant: DraftVariant, text: str) -> None:
    if variant == DraftVariant():
        raise says_nothing_else(letter, text)
    for key in ("subject", "preheader"):
        value = getattr(variant, key)
        if not is_line(value):
            said = _("The {key} of variant {letter} must be one line of at most {most} characters.")
            words = said.format(key=key, letter=letter, most=LONGEST_LINE)
            raise _wrong("variants", words, text, line_remedy(value) or "")
    for part in ("html", "text"):
        if getattr(variant, part) and getattr(variant, f"{part}_file"):
            said = _("Both {part} and {part}_file of variant {letter} are given.")
            raise _wrong("variants", said.format(part=part, letter=letter), text, _("Keep one of them."))


def says_nothing_else(letter: str, text: str) -> BadInput:
    """The refusal of a variant that is the campaign itself."""
    said = _("Variant {letter} says nothing else than the campaign.").format(letter=letter)
    return _wrong("variants", said, text, _("Give it a subject or content of its own, or take it out."))


def letters_of(trial: DraftTrial) -> list[str]:
    """The letters of the variants beside A."""
    return [letter_of(number) for number in range(2, len(trial.variants) + 2)]


def with_variant_files(trial: DraftTrial, read: Callable[[str], str]) -> DraftTrial:
    """Put the files that the variants name into them."""
    return replace(trial, variants=tuple(_with_files(each, read) for each in trial.variants))


def _with_files(variant: DraftVariant, read: Callable[[str], str]) -> DraftVariant:
    if variant.html_file:
        variant = replace(variant, html=mask_card_numbers(read(variant.html_file)), html_file="")
    if variant.text_file:
        variant = replace(variant, text=mask_card_numbers(read(variant.text_file)), text_file="")
    return variant


def told(trial: Mapping[str, Any]) -> dict[str, Any]:
    """A trial's values without what a reader would assume anyway: for a file, and to be kept."""
    variants = [{key: value for key, value in each.items() if value} for each in trial["variants"]]
    return {**trial, "variants": variants}


def kept_trial(values: Mapping[str, Any] | None) -> DraftTrial:
    """The trial that was kept as `told` gave it; None: none."""
    if not values:
        return DraftTrial()
    return DraftTrial(**{**values, "variants": tuple(DraftVariant(**each) for each in values["variants"])})


def _wrong(key: str, said: str, text: str, remedy: str = "") -> BadInput:
    line = line_of(text, "trial", key) or line_of(text, "trial")
    return BadInput(said, field=f"trial.{key}", line=line, remedy=remedy or None)
