"""Colours of a survey of its own: what can be read passes, what cannot is refused by name."""

import pytest

from surveys.domain.definition_faults import BadDefinition
from surveys.domain.survey_files import survey_of, table_of
from surveys.domain.themes import DEFAULTS, colours_of, contrast, packed, style_sheet, theme_faults

NIGHT = {
    "paper": "#111716", "panel": "#18201f", "ink": "#e8eeed", "soft": "#adbbb8", "line": "#34423f", "edge": "#82948f",
    "accent": "#6ccabd", "on_accent": "#05211e", "wash": "#17342f", "bad": "#f3a29c", "focus": "#8db8ff",
}  # fmt: skip


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert contrast("#0b625c", "#0b625c") == 1.0


@pytest.mark.parametrize("theme", [{}, NIGHT, {"font": "serif"}, {"accent": "#5B2C6F"}])
def test_colours_that_can_be_read_are_taken(theme):
    assert list(theme_faults(theme)) == []


@pytest.mark.parametrize(
    ("theme", "said"),
    [
        ({"accent": "#ffcc00"}, "“accent” on “paper” has a contrast of 1.43; it needs 4.5."),
        ({"edge": "#bbbbbb"}, "“edge” on “paper” has a contrast of 1.82; it needs 3.0."),
        ({"ink": "black"}, "“black” is no colour."),
        ({"colour": "#000000"}, "There is no colour “colour”."),
        ({"font": "comic"}, "There is no font “comic”."),
    ],
)
def test_colours_that_cannot_be_read_are_refused_by_name(theme, said):
    assert said in [message for message, _remedy in theme_faults(theme)]


def test_a_survey_is_not_saved_with_a_theme_that_cannot_be_read():
    question = {"name": "q", "kind": "text", "text": "What?"}
    table = {"name": "s", "title": "T", "page": [{"name": "p", "question": [question]}]}
    assert table_of(survey_of({**table, "theme": NIGHT}))["theme"] == NIGHT
    with pytest.raises(BadDefinition, match="theme: “accent” on “paper”"):
        survey_of({**table, "theme": {"accent": "#ffcc00"}})


def test_a_style_sheet_has_the_colours_of_its_address_and_nothing_else_can_be_in_it():
    sheet = style_sheet(packed({**NIGHT, "font": "serif"}))
    assert sheet is not None
    assert "color-scheme: dark;" in sheet
    assert "--on-accent: #05211e;" in sheet
    assert "Charter" in sheet
    by_day = style_sheet(packed({"accent": "#003366"}))
    assert by_day is not None
    assert "color-scheme: light;" in by_day
    assert not packed({})
    assert colours_of({})["paper"] == DEFAULTS["paper"]
    for written in ("", "sans", packed({"font": "sans"})[:-1], packed({"font": "sans"}) + "0", "sans-" + "zz" * 33):
        assert style_sheet(written) is None
