"""What the fields of surveys, pages, questions and choices are called in the editor; a kind's own words come first."""

from collections.abc import Mapping

from core.language import gettext as _

LABELS: Mapping[str, str] = {
    "title": "Title",
    "language": "Language",
    "sponsor": "Who asks",
    "purpose": "What the answers are for",
    "minutes": "Minutes it takes",
    "intro": "Before the first question",
    "thanks": "At the end",
    "text": "Wording",
    "hint": "Hint below it",
    "name": "Name",
    "label": "Label",
    "required": "Needs an answer",
    "refusal": "Label of “prefer not to say”, empty for none",
    "shuffle": "In an order of each person's own",
    "show_if": "Shown only if",
    "fixed": "Keeps its place",
    "image": "Picture",
    "exclusive": "Goes with no other",
    "score": "Counts as",
    "other": "Label of “other”, empty for none",
    "none": "Label of “none of these”, empty for none",
    "low": "What the lowest means",
    "high": "What the highest means",
    "unit": "Unit",
    "not_applicable": "Label of “not applicable”, empty for none",
    "dropdown": "Show as a list to unfold",
    "stars": "Show stars",
    "integer": "Whole numbers only",
    "least": "At least",
    "most": "At most",
    "step": "In steps of",
    "highest": "Highest number",
    "longest": "At most so many characters",
    "choices": "Choices",
    "rows": "Rows",
    "scale": "Scale, from lowest to highest",
    "columns": "Columns",
    "block": "Block",
    "jumps": "Jumps after this page",
    "repeat": "Repeat this page",
    "quotas": "Quotas",
    "ends": "Other ends",
    "shuffle_blocks": "Blocks in an order of each person's own",
    "arms": "Arms that people are put into by chance",
    "computed": "Computed values",
    "theme": "Colours",
    "review": "Let people look over their answers before sending",
    "receipt": "Offer people a copy of their answers at the end",
    "anonymity": "Anonymity",
    "screened_out": "Counts as screened out",
    "end": "Leads to the end",
    "to": "On to the page or end",
    "when": "If",
    "over": "Once for each answer to",
    "random": "Of more than that, some by chance instead of the first",
    "limit": "How many",
    "formula": "Expression",
}

HELP: Mapping[str, str] = {
    "language": "A tag such as en, de, pt-BR or ar.",
    "purpose": "People read it in the invitation and above the first question.",
    "block": "Pages of one block belong together; a block may be shuffled or shown to one arm only.",
    "jumps": "Where people go on who meet the condition; without one, everybody.",
    "theme": 'As in a file: accent = "#0b625c". Saved only if everybody can read it.',
    "quotas": "When one is full, whoever would be one too many is led to its end.",
}


def label_of(name: str, words: Mapping[str, str] | None = None) -> str:
    """What a field is called; one that nobody gave a word to is called by its name."""
    return _((words or {}).get(name) or LABELS.get(name) or name.replace("_", " ").capitalize())
