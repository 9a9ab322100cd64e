"""The pages of results over the real application: filters, crosstabs, weights, rates, open texts, without a script."""

import re

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from core.operators import Role
from surveys.storage.responses import Response
from surveys.storage.surveys import Survey
from tests.surveys.answered_scenes import answered, answered_anonymously
from tests.surveys.survey_scenes import opened
from tests.web import csrf, sign_in

HOME = "/console/surveys"
RESPONSES = [
    {
        "went": ("yes", "no")[place % 2],
        "how": ["train", "foot"] if place % 3 else ["car"],
        "score": place % 11,
        "judged:food": ("good", "bad", "fair")[place % 3],
        "more": f"The food was fine, number {place % 2}",
    }
    for place in range(60)
]


@pytest.fixture
def base(client, database):
    with database.writing() as session:
        survey = opened(session)
        answered(session, survey, RESPONSES, language="en")
        number = survey.id
    sign_in(client, database, Role.EDITOR)
    return f"{HOME}/{number}"


def post(client: TestClient, path: str, **fields):
    return client.post(path, data={"csrf": csrf(client, HOME), **fields})


def shown(page: str) -> str:
    """What a reader sees of a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_results_tell_how_long_each_page_takes(client, base, database):
    with database.writing() as session:
        session.execute(update(Response).values(pace={"start": 12.4, "trip": 45}))
    text = shown(client.get(base).text)
    assert "Page Stopped here Share 95 % interval Median time, seconds" in text
    assert "Did you go? 0 0.0 % 0.0 % – 6.0 % 12 How did you travel? 0 0.0 % 0.0 % – 6.0 % 45 " in text


def test_results_follow_the_filter_and_say_so(client, base):
    page = client.get(f"{base}?where=went=yes&where=score>=5&population=40")
    text = shown(page.text)
    assert page.status_code == 200
    assert (
        "From 15 of 60 completed responses: “Did you go?” is “Yes” ; “Would you recommend it?” is “5” or more" in text
    )
    assert "finite population correction" in text
    assert 'href="/console/surveys/1?where=score%3E%3D5&amp;population=40"' in page.text.replace(
        base, "/console/surveys/1"
    )
    wrong = client.get(f"{base}?where=went>=much")
    assert (wrong.status_code, "means nothing here" in shown(wrong.text)) == (422, True)
    assert client.get(f"{base}?population=-3").status_code == 422
    assert client.get(f"{base}?population=3").status_code == 422
    assert "style=" not in page.text


def test_crosstabs_stand_side_by_side_with_letters_tests_and_formulas(client, base):
    query = "rows=score&rows=how&banner=went&banner=judged:food&show=column&show=row&show=count&adjust=holm&minimum=10"
    page = client.get(f"{base}/crosstab?{query}")
    text = shown(page.text)
    assert page.status_code == 200
    assert "Yes A No B In a way C" in text
    assert "Holm correction (Holm 1979)." in text
    assert "Several answers were possible: the table as a whole is not tested." in text
    assert "Equal means: F" in text
    assert page.text.count("<table>") == 2
    for wrong in ("rows=more&banner=went", "rows=nothing&banner=went", "rows=went&banner=went&where=x"):
        assert client.get(f"{base}/crosstab?{wrong}").status_code == 422
    assert "No table yet" in shown(client.get(f"{base}/crosstab").text)


def test_weights_are_set_used_throughout_refused_with_a_reason_and_taken_away(client, base):
    form = client.get(f"{base}/weights?question=went").text
    assert "50.0 %" in shown(form)
    assert post(client, f"{base}/weights", question="went", **{"t-0-0": "80", "t-0-1": "20"}).status_code == 303
    text = shown(client.get(f"{base}/weights").text)
    assert ("Design effect 1.360" in text, "Greatest error 0.0000 %" in text) == (True, True)
    results = shown(client.get(base).text)
    assert "Weighted: design effect 1.36" in results
    assert "80.0 %" in results
    assert "80.0 %" not in shown(client.get(f"{base}?weighted=0").text)
    for fields, said in (
        ({"t-0-0": "80", "t-0-1": "0"}, "Every target must be above 0"),
        ({"t-0-0": "80", "t-0-1": "x"}, "needs a number"),
        ({"t-0-0": "80", "t-0-1": "17"}, "add up to 97"),
        ({"t-0-0": "80", "t-0-1": "20", "trim": "1"}, "No weight can be held"),
    ):
        wrong = post(client, f"{base}/weights", question="went", **fields)
        assert (wrong.status_code, said in shown(wrong.text)) == (422, True), said
    joint = post(
        client, f"{base}/weights", question=["went", "score"], joint="1", **{f"t-0-{at}": "1" for at in range(22)}
    )
    assert joint.status_code == 303
    assert "Iterations 1" in shown(client.get(f"{base}/weights").text)
    post(client, f"{base}/weights", act="remove")
    assert "not weighted" in shown(client.get(f"{base}/weights").text)


def test_response_rates_are_of_everybody_who_was_invited(client, base):
    text = shown(client.get(f"{base}/response-rates").text)
    assert "60 invited" in text
    assert "RR1 100.0 %" in text
    assert "REF1 0.0 %" in text
    assert "e = 1.000" in text
    assert "e = 0.300" in shown(client.get(f"{base}/response-rates?e=30").text)
    assert client.get(f"{base}/response-rates?e=x").status_code == 422


def test_open_texts_are_searched_coded_counted_and_given_away_without_names(client, base):
    texts = f"{base}/answers/more"
    assert "number 1" not in shown(client.get(f"{texts}?search=NUMBER+0").text)
    first = shown(client.get(texts).text)
    assert first.count("The food was fine") == 50
    assert shown(client.get(f"{texts}?after=50").text).count("The food was fine") == 10
    assert post(client, f"{texts}/frame", frame="taste = The taste\nPrice").status_code == 303
    assert post(client, f"{texts}/frame", frame="a = A\na = B").status_code == 422
    desk = client.get(f"{texts}/coding").text
    assert f'action="{texts}/frame"' in desk
    assert f'href="{texts}/quotes.csv"' in client.get(texts).text
    assert 'accesskey="1"' in desk
    done = post(client, f"{texts}/coding", response="1", code=["taste", "price"])
    assert done.headers["location"].endswith("coding?after=1")
    post(client, f"{texts}/coding", response="2", code="taste")
    assert shown(client.get(f"{texts}?code=price").text).count("The food was fine") == 1
    assert "2 coded" in shown(client.get(f"{texts}/coding").text)
    assert "checked" in client.get(f"{texts}/coding?text=1").text
    words = shown(client.get(f"{texts}/words").text)
    assert ("food 60" in words, "Price + The taste 1" in words, "food + number 60" in words) == (True, True, True)
    quotes = client.get(f"{texts}/quotes.csv?code=taste")
    assert quotes.text.count("The food was fine") == 2
    assert "The taste; Price" in quotes.text
    assert post(client, f"{texts}/coding", response="9999", code="taste").status_code == 404
    for path in ("", "/words", "/quotes.csv", "/coding"):
        assert client.get(f"{base}/answers/none{path}").status_code == 404


def test_g14_small_counts_of_anonymous_answers_are_hidden_on_every_page(client, database):
    with database.writing() as session:
        survey = opened(session)
        session.execute(update(Survey).values(anonymity="anonymous"))
        rare = [{"went": "other", "how": ["car"], "score": 3}] * 2
        answered_anonymously(session, survey, [*RESPONSES[:40], *rare])
        base = f"{HOME}/{survey.id}"
    sign_in(client, database, Role.EDITOR)
    results = client.get(base).text
    assert "counts below 5 are hidden" in shown(results)
    assert "Yes … – –" in shown(results)
    assert "No 20" in shown(results)
    for narrow in ("where=went=other", "where=went!=other"):
        assert "nothing is told" in shown(client.get(f"{base}?{narrow}").text)
        assert "nothing is told" in shown(client.get(f"{base}/crosstab?rows=went&banner=how&{narrow}").text)
        assert "food" not in shown(client.get(f"{base}/answers/more?{narrow}").text)
    cross = shown(client.get(f"{base}/crosstab?rows=score&banner=went&show=count").text)
    assert "few each" in cross
    assert client.get(f"{base}?where=@segment=Near").status_code == 422
    assert "…" in shown(client.get(f"{base}/weights?question=went").text)
