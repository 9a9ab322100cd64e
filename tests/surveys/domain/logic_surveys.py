"""A survey with everything that decides a path: expressions, jumps, loops, blocks, arms, quotas, ends, languages."""

from surveys.domain.definitions import Survey
from surveys.domain.survey_files import read_survey

RICH = """
name = "garden"
title = "Your garden"
intro = "Hello {{ default(contact.first_name, \\"there\\") }}."
thanks = "Thank you. You scored {{ total }}."
shuffle_blocks = ["soil", "tools"]

[[arm]]
name = "short"
[[arm]]
name = "long"
weight = 3

[[computed]]
name = "total"
formula = "sum(pests, 2 * weeds)"
label = "Trouble in all"
[[computed]]
name = "keen"
formula = "total > 4 and likes has 'roses'"

[[end]]
name = "no_garden"
text = "Sorry, {{ label(has_garden) }} means no questions."
screened_out = true
[[end]]
name = "enough"
text = "We have heard enough."

[[quota]]
name = "rosarians"
limit = 2
end = "enough"
when = "likes has 'roses'"
[[quota]]
name = "all"
limit = 5
end = "enough"

[[page]]
name = "start"
[[page.jump]]
to = "no_garden"
when = "has_garden == 'no'"
[[page.jump]]
to = "end"
when = { question = "has_garden", op = "is", value = "window" }
[[page.question]]
name = "has_garden"
kind = "single"
text = "Do you have a garden?"
required = true
choices = [{ name = "yes", label = "Yes" }, { name = "window", label = "A window" }, { name = "no", label = "None" }]

[[page]]
name = "likings"
[[page.question]]
name = "likes"
kind = "multiple"
text = "What grows there, {{ arm }}?"
shuffle = true
choices = [
  { name = "roses", label = "Roses" },
  { name = "beans", label = "Beans" },
  { name = "moss", label = "Moss", show_if = "contact.country != 'EG'" },
  { name = "herbs", label = "Herbs" },
  { name = "weeds", label = "Weeds", fixed = true },
]
least = 1

[[page]]
name = "care"
title = "{{ item }}"
repeat = { over = "likes", most = 2 }
[[page.question]]
name = "water"
kind = "nps"
text = "How much water for {{ item }}?"
[[page.question]]
name = "dung"
kind = "text"
text = "And dung?"
show_if = "item != 'moss'"

[[page]]
name = "after_care"
repeat = { over = "likes", most = 2 }
show_if = "water > 5"
[[page.question]]
name = "why_water"
kind = "text"
text = "Why {{ water }} for {{ item }}?"

[[page]]
name = "earth"
block = "soil"
[[page.question]]
name = "earth"
kind = "matrix"
text = "What is it like?"
shuffle = true
rows = [{ name = "top", label = "Above" }, { name = "deep", label = "Below", show_if = "arm == 'long'" }]
scale = [{ name = "sand", label = "Sand" }, { name = "clay", label = "Clay" }]

[[page]]
name = "spade"
block = "tools"
shuffle = true
[[page.question]]
name = "pests"
kind = "number"
text = "How many pests?"
refusal = "Rather not say"
[[page.question]]
name = "weeds"
kind = "rating"
text = "How many weeds?"
[[page.question]]
name = "hint"
kind = "statement"
text = "Nearly there."

[[page]]
name = "last"
[[page.question]]
name = "proud"
kind = "text"
text = "Proud of {{ likes }}?"
show_if = "keen"
[[page.question]]
name = "best"
kind = "single"
text = "The best of all?"
choices = [
  { name = "roses", label = "Roses", show_if = "likes has 'roses'" },
  { name = "beans", label = "Beans", show_if = { question = "likes", op = "has", value = "beans" } },
]
[[page.question]]
name = "told"
kind = "statement"
text = "Done."

[translations.de]
title = "Ihr Garten"
"has_garden.text" = "Haben Sie einen Garten?"
"has_garden.choices.no" = "Keinen"
"page:care.title" = "Zu {{ item }}"
"end:no_garden.text" = "Schade: {{ label(has_garden) }}."
"""


def garden() -> Survey:
    """The survey, read anew."""
    return read_survey(RICH)
