"""A survey with a question of each type for expressions, and answers to it."""

from datetime import date

from surveys.domain.cells import Answers, Cell
from surveys.domain.expressions.compiling import compiled
from surveys.domain.expressions.sights import Sight, Value
from surveys.domain.survey_files import read_survey

SURVEY = read_survey(
    """
name = "all"
title = "All"
[[arm]]
name = "left"
[[computed]]
name = "twice"
formula = "2 * nights"
[[computed]]
name = "thrice"
formula = "twice + nights"
[[page]]
name = "one"
[[page.question]]
name = "went"
kind = "single"
text = "Went?"
choices = [{ name = "yes", label = "Yes!", score = 2 }, { name = "no", label = "No" }]
other = "In a way"
refusal = "Rather not"
[[page.question]]
name = "again"
kind = "single"
text = "Again?"
choices = [{ name = "yes", label = "Again" }, { name = "never", label = "Never" }]
[[page.question]]
name = "how"
kind = "multiple"
text = "How?"
choices = [{ name = "train", label = "Train", score = 1 }, { name = "car", label = "Car", score = 5 }]
[[page.question]]
name = "nights"
kind = "number"
text = "Nights?"
[[page.question]]
name = "score"
kind = "nps"
text = "Score?"
[[page.question]]
name = "reason"
kind = "text"
text = "Why?"
[[page.question]]
name = "born"
kind = "date"
text = "Born?"
[[page.question]]
name = "hour"
kind = "time"
text = "When?"
[[page.question]]
name = "ranks"
kind = "ranking"
text = "Rank"
choices = [{ name = "sea", label = "Sea" }, { name = "hill", label = "Hill" }]
[[page.question]]
name = "judged"
kind = "matrix"
text = "How?"
rows = [{ name = "food", label = "Food" }, { name = "1st", label = "First" }]
scale = [{ name = "bad", label = "Bad" }, { name = "good", label = "Good" }]
[[page.question]]
name = "notes"
kind = "matrix_text"
text = "Notes"
across = [{ name = "a", label = "A" }, { name = "b", label = "B" }]
rows = [{ name = "food", label = "Food" }]
[[page.question]]
name = "spent"
kind = "matrix_number"
text = "Spent"
rows = [{ name = "food", label = "Food" }]
across = [{ name = "in", label = "In" }, { name = "out", label = "Out" }]
[[page.question]]
name = "told"
kind = "statement"
text = "Told."
"""
)
KNOWN = SURVEY.logic.known
ANSWERS: Answers = {
    "went": (Cell(value="other", text="half way"),),
    "again": (Cell(value="yes"),),
    "how": (Cell(value="car"), Cell(value="train")),
    "nights": (Cell(number=4.0),),
    "score": (Cell(number=9.0),),
    "reason": (Cell(text="Because it rained"),),
    "born": (Cell(value="2000-02-29"),),
    "hour": (Cell(value="07:30"),),
    "ranks": (Cell("sea", number=2.0),),
    "judged": (Cell("food", "good", 2.0),),
    "spent": (Cell("food", "in", 2.0), Cell("food", "out", 3.0)),
}
CONTACT: dict[str, str | float] = {"country": "DE", "orders": 3.0, "since": "2020-05-01", "points": "12,5"}
TODAY = date(2026, 11, 23)


def sight(answers: Answers = ANSWERS) -> Sight:
    return Sight(answers, CONTACT, TODAY, "left", "en", SURVEY.logic.plans)


def value(text: str, answers: Answers = ANSWERS) -> Value:
    return compiled(text, KNOWN).run(sight(answers))
