"""Expressions that cannot be taken: each is told with its place and a remedy."""

import pytest

from surveys.domain.expressions.compiling import compiled
from surveys.domain.expressions.slips import Slip
from tests.surveys.domain.expression_samples import KNOWN


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "At character 1: Something is missing at the end."),
        ("went ==", "At character 8: Something is missing"),
        ("went = 'yes'", "At character 6: “=” means nothing here. Write == to compare."),
        ("went & again", "“&” means nothing here. Write and."),
        ("!went", "Write != or not."),
        ("went == “yes”", "Write straight quotes"),
        ("'abc", "At character 1: A text begins here and does not end. Close it with the same quote."),
        ("1 2", "“2” is not expected here."),
        ("1 < 2 < 3", "Two comparisons follow each other. Join them with and."),
        ("1 not 2", "“2” is not expected here."),
        ("(1", "“)” is missing here."),
        ("sum(1 2)", "“,” is missing here."),
        ("(" * 30 + "1" + ")" * 30, "goes too deep. Work parts of it out under names of their own."),
        ("not " * 30 + "true", "goes too deep."),
        ("-" * 30 + "1", "goes too deep."),
        ("1" + " + 1" * 30, "goes too deep."),
        ("sum(" + ", ".join("1" * 101) + ")", "more than 100 things"),
        ("'" + "x" * 2001 + "'", "more than 2000 characters."),
        ("9" * 31, "At character 1: The number has more than 30 digits."),
        ("{}", "There is nothing in braces."),
        ("went in {'yes', 1}", "names only, or numbers only."),
        ("went in {again}", "Within braces stand names in quotes, or numbers."),
        ("wnet == 'yes'", "Nothing is called “wnet” here. Did you mean “went”?"),
        ("zzz", "Nothing is called “zzz” here. Put texts into quotes."),
        ("zzz.yes", "Nothing is called “zzz.yes” here."),
        ("contact", "“contact” needs the name of a field."),
        ("told == 1", "“told” is never answered."),
        ("went.food", "“went” has no row “food”. Rows: none."),
        ("judged.fod == 'good'", "“judged” has no row “fod”. Rows: food, 1st."),
        ("judged == 'good'", "cannot be compared as a whole. Name one row"),
        ("judged > 1", "This is a question with rows; a number is needed here. Name one row"),
        ("went == 'yess'", "“went” has no answer “yess”. Did you mean “yes”?"),
        ("went in {'zzz'}", "“went” has no answer “zzz”. Answers: yes, no, other."),
        ("{'zzz'} == how", "“how” has no answer “zzz”."),
        ("how has 'zzz'", "“how” has no answer “zzz”."),
        ("how == 'car'", "A set of answers is compared with one thing."),
        ("how has reason", "compared with a text that is not written out."),
        ("went == reason", "label(…) gives the words of an answer."),
        ("went in reason", "A text is no set."),
        ("nights in how", "This is a number; a text is needed here."),
        ("how + 'car'", 'A set can be joined only with a set. Write {"…"} around'),
        ("both(how, {'zzz'})", "“how” has no answer “zzz”."),
        ("score > '6'", "This is a text; a number is needed here. Write a number without quotes"),
        ("went > 1", "place(…) gives its place"),
        ("how > 1", "count(…) gives how many."),
        ("how and true", "This is a set of answers; true or false is needed here."),
        ("went or true", 'Compare it: … == "…", or write answered(…).'),
        ("not nights", "Compare it: … > 0"),
        ("not reason", "Compare it"),
        ("born > '2000-01-01'", "This is a text; a date is needed here. Write date(…) around it."),
        ("true > 1", "This is true or false; a number is needed here."),
        ("lower(again)", "This is one of several answers; a text is needed here. label(…)"),
        ("contact.x and true", "This is a field of the person; true or false is needed here."),
        ("smu(1)", "There is no function “smu”. Did you mean “sum”?"),
        ("qqqq(1)", "Functions: abs, add_days"),
        ("round()", "“round” takes 1–2, and is given 0."),
        ("abs(1, 2)", "“abs” takes 1, and is given 2."),
        ("sum()", "“sum” takes 1 or more, and is given 0."),
        ("answered(1)", "“answered” asks about a question."),
        ("refused(1)", "“refused” asks about a question."),
        ("rows(how, 'car')", "begins with a question that has rows"),
        ("rows(judged, reason)", "ends with answers in quotes"),
        ("rows(judged, 'zzz')", "“judged” has no answer “zzz”."),
        ("if(true, 1, 'x')", "The values given to “if” are not of one sort."),
        ("default(judged, 1)", "has no value as a whole"),
        ("text(judged)", "has no value as a whole"),
        ("label(1)", "is given a question with answers to choose."),
        ("score(again)", "answers that count something."),
        ("place(1)", "answers that count something."),
    ],
)
def test_a_slip_is_told_with_its_place_and_a_remedy(text, told):
    with pytest.raises(Slip) as slip:
        compiled(text, KNOWN)
    assert told in str(slip.value)
    assert slip.value.at <= len(text) + 1
