"""`heedful form` in the terminal."""

from collections.abc import Callable

import pytest
from click.testing import Result

Run = Callable[..., Result]
GIVEN = ("--title", "Our newsletter", "--wording", "We write to you.")


def test_a_form_is_added_listed_and_shown_as_html(house: Run):
    done = house("form", "add", "newsletter", *GIVEN, "--topic", "updates", "--topic", "offers")
    assert done.exit_code == 0, done.output
    assert "http://127.0.0.1:8025/join/newsletter" in done.output
    assert "updates, offers: 0 asked, 0 confirmed, 0 waiting" in house("form", "list").output
    html = house("form", "show", "newsletter").output
    assert html.startswith('<form action="http://127.0.0.1:8025/join/newsletter" method="post">')


@pytest.mark.parametrize(
    ("name", "topic", "said"),
    [
        ("News letter", "updates", "A name is small letters"),
        ("newsletter", "marketing", "One of these topics is closed"),
        ("newsletter", "nonsense", "One of these topics is closed"),
    ],
)
def test_a_form_that_cannot_be_used_is_refused_with_the_reason(house: Run, name: str, topic: str, said: str):
    done = house("form", "add", name, *GIVEN, "--topic", topic)
    assert done.exit_code == 1
    assert said in done.output
    assert house("form", "list", "--json").output.strip() == "{}"


def test_a_form_that_is_not_there_cannot_be_shown(house: Run):
    done = house("form", "show", "nothing")
    assert done.exit_code == 1
    assert "heedful form list" in done.output
