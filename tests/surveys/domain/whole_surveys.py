"""A survey in which everything is said that a survey file can say, for tests of forms, names and versions."""

WHOLE = """
name = "whole"
title = "All of it"
language = "en"
sponsor = "Halcyon Audio"
purpose = "To see everything"
minutes = 5
intro = "Hello."
thanks = "You rode {{ rides }} times."
review = true
receipt = true
shuffle_blocks = ["middle"]

[theme]
accent = "#0b625c"

[[arm]]
name = "short"
[[arm]]
name = "long"
weight = 2

[[computed]]
name = "twice"
formula = "rides * 2"

[[end]]
name = "too_few"
text = "You ride too rarely for us.\\nThank you."
screened_out = true

[[end]]
name = "full"
text = "We have heard enough."

[[quota]]
name = "riders"
limit = 10
end = "full"
when = "rides > 3"

[[page]]
name = "start"
title = "Begin"
[[page.jump]]
to = "too_few"
when = { question = "rides", op = "less", value = 1 }
[[page.question]]
name = "rides"
kind = "number"
text = "How many rides?"
[[page.question]]
name = "bikes"
kind = "multiple"
text = "Which bikes?"
shuffle = true
refusal = "I would rather not say"
choices = [
  { name = "city", label = "City bike", score = 1 },
  { name = "race", label = "Racing bike", fixed = true },
]
other = "Another"

[[page]]
name = "each"
title = "About {{ item }}"
block = "middle"
show_if = { question = "rides", op = "greater", value = 1 }
repeat = { over = "bikes", most = 3 }
[[page.question]]
name = "good"
kind = "rating"
text = "How good is it?"

[[page]]
name = "last"
show_if = { all = [
  { question = "rides", op = "answered" },
  { any = [
    { question = "rides", op = "greater", value = 3 },
    { question = "bikes", op = "has", value = "race" },
  ] },
] }
[[page.question]]
name = "more"
kind = "long_text"
text = "You rode {{ rides }} times. Anything else?"
show_if = "rides > 2 and count(bikes) > 1"

[translations.de]
title = "Alles"
"rides.text" = "Wie viele Fahrten?"
"more.text" = "Sie sind {{ rides }} Mal gefahren."
"""
