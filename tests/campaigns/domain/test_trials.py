"""A trial of variants is read from a file with mistakes named, written back without loss, and turned into drafts."""

import tomllib
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.campaign_files import (
    CampaignDraft,
    check_draft,
    read_campaign,
    varied,
    with_files,
    write_campaign,
)
from campaigns.domain.trials import DraftTrial, DraftVariant, check_trial, kept_trial, read_trial, told
from core.errors import BadInput

FILE = """
name = "spring"
title = "Spring"
topic = "announcements"
subject = "Spring"
html = "<p>Spring</p>"
text = "Spring"
[content]
headline = "Spring"
colour = "green"
[trial]
share = 30
wait_hours = 2
winner = "clicks"
confidence = 90
unclear = "ask"
[[trial.variants]]
subject = "Is it spring?"
[[trial.variants]]
preheader = "Look"
html = "<p>Other</p>"
[trial.variants.content]
headline = "Summer"
"""


def test_a_file_with_variants_is_read_and_written_back_the_same():
    draft = read_campaign(FILE)
    assert draft.trial == DraftTrial(
        share=30,
        wait_hours=2,
        confidence=90,
        unclear="ask",
        variants=(
            DraftVariant(subject="Is it spring?"),
            DraftVariant(preheader="Look", html="<p>Other</p>", content={"headline": "Summer"}),
        ),
    )
    assert read_campaign(write_campaign(draft)) == draft
    assert "trial" not in write_campaign(replace(draft, trial=DraftTrial()))
    without = replace(draft, trial=DraftTrial(share=50))
    assert read_campaign(write_campaign(without)) == without


def test_a_variant_says_its_own_words_and_else_the_campaigns():
    draft = read_campaign(FILE)
    first, second, third = (varied(draft, number) for number in (1, 2, 3))
    assert first == replace(draft, trial=DraftTrial())
    assert (second.subject, second.html, second.text) == ("Is it spring?", "<p>Spring</p>", "Spring")
    assert (third.subject, third.preheader, third.html, third.text) == ("Spring", "Look", "<p>Other</p>", "")
    assert third.content == {"headline": "Summer", "colour": "green"}


def test_files_of_variants_are_read_and_card_numbers_masked():
    pages = {"b.html": "<p>4111 1111 1111 1111</p>", "b.txt": "B"}
    trial = DraftTrial(variants=(DraftVariant(html_file="b.html", text_file="b.txt"), DraftVariant(subject="C")))
    draft = with_files(CampaignDraft("a", "A", "other", trial=trial), pages.__getitem__)
    (b, c) = draft.trial.variants
    assert (b.html_file, b.text_file, b.text, c.subject) == ("", "", "B", "C")
    assert "4111 1111" not in b.html


@pytest.mark.parametrize(
    ("lines", "field", "line"),
    [
        ("trial = 1", "trial.trial", 1),
        ("[trial]\nshares = 3", "trial.shares", 2),
        ("[trial]\nshare = 0", "trial.share", 2),
        ("[trial]\nshare = 20.5", "trial.share", 2),
        ("[trial]\nshare = true", "trial.share", 2),
        ("[trial]\nwait_hours = 200", "trial.wait_hours", 2),
        ("[trial]\nconfidence = 100", "trial.confidence", 2),
        ('[trial]\nwinner = "opens"', "trial.winner", 2),
        ('[trial]\nunclear = "dice"', "trial.unclear", 2),
        ("[trial]\nvariants = 3", "trial.variants", 2),
        ("[trial]\nvariants = [{}]", "trial.variants", 2),
        ("[trial]\nvariants = [3]", "trial.variants", 2),
        ('[trial]\n[[trial.variants]]\nsubjekt = "x"', "trial.variants.subjekt", 3),
        ("[trial]\n[[trial.variants]]\nsubject = 3", "trial.subject", 1),
        ("[trial]\n[[trial.variants]]\ncontent = 3", "trial.content", 1),
        ('[trial]\n[[trial.variants]]\nsubject = "a\\nb"', "trial.variants", 2),
        ('[trial]\n[[trial.variants]]\nhtml = "a"\nhtml_file = "b"', "trial.variants", 2),
        ("[trial]\n" + '[[trial.variants]]\nsubject = "x"\n' * 6, "trial.variants", 2),
    ],
)
def test_a_mistake_is_named_by_key_and_line(lines, field, line):
    with pytest.raises(BadInput) as caught:
        _read(lines)
    assert caught.value.field == field
    assert caught.value.line == line


def _read(lines: str) -> None:
    check_trial(read_trial(tomllib.loads(lines), lines), lines)


@pytest.mark.parametrize(
    "variant",
    [
        DraftVariant(subject="Spring"),
        DraftVariant(html="<p>Spring</p>", text="Spring"),
        DraftVariant(content={"headline": "Spring"}),
    ],
)
def test_a_variant_that_is_the_campaign_itself_is_refused(variant):
    draft = replace(read_campaign(FILE), trial=DraftTrial(variants=(DraftVariant(subject="Is it?"), variant)))
    with pytest.raises(BadInput, match="Variant C says nothing else than the campaign") as refused:
        check_draft(draft)
    assert refused.value.field == "trial.variants"
    unread = replace(draft, trial=DraftTrial(variants=(DraftVariant(html_file="b.html"),)))
    check_draft(unread)
    with pytest.raises(BadInput, match="Variant B says nothing else"):
        check_draft(with_files(replace(unread, text=""), lambda _: draft.html))


def test_a_control_character_in_a_variant_is_refused_with_its_place():
    with pytest.raises(BadInput, match=r"place 2 \(U\+0007\)"):
        check_trial(DraftTrial(variants=(DraftVariant(subject="a\x07"),)))


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)
INTEGERS = st.integers(1 - 2**63, 2**63 - 1)
VARIANTS = st.builds(
    DraftVariant,
    subject=WORDS,
    preheader=WORDS,
    html=st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.just("\n"), max_size=20),
    content=st.dictionaries(st.text("abc", min_size=1, max_size=3), WORDS | INTEGERS, max_size=2),
)


@given(variants=st.lists(VARIANTS.filter(lambda each: each != DraftVariant()), max_size=5), share=st.integers(1, 100))
def test_any_trial_survives_a_file_and_the_database(variants, share):
    trial = DraftTrial(share=share, variants=tuple(variants))
    draft = CampaignDraft("a", "A", "other", trial=trial)
    assert read_campaign(write_campaign(draft)) == draft
    assert kept_trial(told(asdict(trial))) == trial
    assert kept_trial(None) == DraftTrial()
