"""Surveys that several tests ask; every kind of question is in them."""

from surveys.domain.definitions import Survey
from surveys.domain.survey_files import read_survey

BRANCHING = """
name = "trip"
title = "Your trip"

[[page]]
name = "start"
[[page.question]]
name = "went"
kind = "single"
text = "Did you go?"
required = true
choices = [{ name = "yes", label = "Yes" }, { name = "no", label = "No" }]
other = "In a way"

[[page]]
name = "why_not"
show_if = { question = "went", op = "is", value = "no" }
[[page.question]]
name = "reason"
kind = "text"
text = "Why not?"
required = true

[[page]]
name = "trip"
show_if = { question = "went", op = "is_not", value = "no" }
[[page.question]]
name = "how"
kind = "multiple"
text = "How did you travel?"
choices = [{ name = "train", label = "Train" }, { name = "car", label = "Car" }, { name = "foot", label = "On foot" }]
other = "Another way"
none = "None of these"
least = 1
most = 3
[[page.question]]
name = "score"
kind = "nps"
text = "Would you recommend it?"
required = true

[[page]]
name = "details"
[[page.question]]
name = "train_class"
kind = "rating"
highest = 4
text = "How was the train?"
show_if = { all = [
  { question = "how", op = "has", value = "train" },
  { question = "score", op = "greater", value = 6 },
] }
[[page.question]]
name = "nights"
kind = "number"
text = "How many nights?"
least = 0
most = 30
integer = true
show_if = { question = "went", op = "is", value = "yes" }

[[page]]
name = "end"
[[page.question]]
name = "told"
kind = "statement"
text = "Nearly done."
[[page.question]]
name = "judged"
kind = "matrix"
text = "How were these?"
rows = [{ name = "food", label = "Food" }, { name = "weather", label = "Weather" }]
scale = [{ name = "bad", label = "Bad" }, { name = "fair", label = "Fair" }, { name = "good", label = "Good" }]
not_applicable = "Cannot say"
[[page.question]]
name = "more"
kind = "long_text"
text = "Anything else?"
longest = 50
show_if = { any = [{ question = "score", op = "less", value = 7 }, { question = "nights", op = "answered" }] }
"""


def trip() -> Survey:
    """A survey with every kind and four branches."""
    return read_survey(BRANCHING)
