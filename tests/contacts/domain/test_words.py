"""The words with which cells say yes, no and stop."""

import pytest

from contacts.domain.words import GOING, STOPPED, read_boolean, read_words, says_stop


@pytest.mark.parametrize("word", ["yes", "Y", " JA. ", "Ja!", "1", "ＹＥＳ", "да", "はい", "x", "✓"])
def test_yes_is_read_in_many_languages(word):
    assert read_boolean(word) is True
    assert says_stop(word) is True


@pytest.mark.parametrize("word", ["no", "N", "", "  ", "Nein!", "0", "-", "n/a", "いいえ", "never."])
def test_no_is_read_in_many_languages_and_an_empty_cell_is_one(word):
    assert read_boolean(word) is False
    assert says_stop(word) is False


@pytest.mark.parametrize("word", ["perhaps", "offers", "yesterday", "not", "31.2.2026"])
def test_what_is_neither_is_nothing(word):
    assert read_boolean(word) is None
    assert says_stop(word) is None


def test_a_state_says_stop_or_go_on_however_it_is_spelt():
    assert all(says_stop(word) is True for word in STOPPED)
    assert all(says_stop(word) is False for word in GOING)
    assert says_stop("  Opted   OUT ") is True
    assert says_stop("Opted In") is False
    assert STOPPED.isdisjoint(GOING)


@pytest.mark.parametrize("written", ["2026-04-01", "2026-04-01 10:00", "03/04/2026"])
def test_a_moment_of_leaving_says_stop(written):
    assert says_stop(written) is True
    assert read_boolean(written) is None


def test_a_list_in_one_cell_is_parted_once_each():
    assert read_words("Updates; offers ,research|x/y\nz;; updates") == ("updates", "offers", "research", "x", "y", "z")
    assert read_words(" ; ") == ()
