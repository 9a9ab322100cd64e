"""The figures that the rules are made of: whoever changes one changes it here as well, and knows that they do."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

DAY = timedelta(days=1)
FIGURES: dict[str, dict[str, Any]] = {
    "contacts.domain.addresses": {"LONGEST": 320, "LONGEST_WRITTEN": 10_000},
    "contacts.domain.age_screens": {"_YEAR_DIGITS": 4, "_LONGEST": 10},
    "contacts.domain.ages": {"AGE_LIMIT": 16, "_OLDEST": 130, "_LAST_ZONE": timedelta(hours=12)},
    "contacts.domain.anchors": {"HOUSE_LENGTH": 16},
    "contacts.domain.case_kinds": {"LONGEST_WORDS": 4_000, "MOST_WORDS": 16_000, "_SATURDAY": 5},
    "contacts.domain.cell_reading": {
        "LONGEST_NAME": 200, "LONGEST_TEXT": 1_000, "MOST_ATTRIBUTES": 200, "_LONGEST_LOCALE": 35,
    },
    "contacts.domain.chain_faults": {"MOST_REMOVED": 10_000, "NEIGHBOURS": 500},
    "contacts.domain.charsets": {
        "CHUNK": 262_144, "LONGEST_LINE": 1_048_576, "_LINES_WEIGHED": 20_000,
        "_CONTROLS": bytes(each for each in range(32) if each not in {9, 10, 12, 13, 27}),
    },
    "contacts.domain.columns": {"LONGEST_KEY": 64},
    "contacts.domain.conditions": {
        "MOST_RULES": 100, "DEEPEST": 5, "_LONGEST_VALUE": 1_000, "_FURTHEST_DAYS": 36_500, "_MOST_CHOICES": 1_000,
        "TEXT_FIELDS": ("given_name", "family_name", "name", "locale", "time_zone", "source"),
        "DATE_FIELDS": ("created_at", "source_at"),
    },
    "contacts.domain.dates": {"_CENTURIES": (1900, 2000), "_FIRST_YEAR": 1850},
    "contacts.domain.delivery_reports": {"LONGEST_SAID": 500},
    "contacts.domain.facts": {"GENESIS": b"\0" * 32},
    "contacts.domain.foreign_hashes": {
        "_UNKEYED": {32: "md5", 40: "sha1", 64: "sha256"}, "_KEYED_DIGITS": 64,
    },
    "contacts.domain.hash_lists": {"_LOOKED_AT": 20, "_LONGEST_LINE": 10_000},
    "contacts.domain.inbound_letters": {"LONGEST_WORDS": 4_000, "_FIRST_LINES": 3},
    "contacts.domain.intake": {
        "MOST_ATTRIBUTES": 500, "PROFILE": ("given_name", "family_name", "locale", "time_zone"),
    },
    "contacts.domain.leaving_tokens": {"KEY_BYTES": 32},
    "contacts.domain.limit_words": {"MOST_MESSAGES": 1_000, "MOST_DAYS": 366},
    "contacts.domain.own_words": {
        "LONGEST_PART": 200_000,
        "_BREAKS": {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "hr"},
        "_UNSEEN": {"script", "style", "head", "title", "template", "blockquote"},
        "_VOID": {"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base",
                  "embed", "source", "track"},
    },
    "contacts.domain.partnerships": {
        "LONGEST_TITLE": 200, "MOST_DAYS": 30,
        "PROFILE": ("address", "given_name", "family_name", "locale", "time_zone", "source"),
    },
    "contacts.domain.policy": {"_CUSTOMER_DAYS": 730},
    "contacts.domain.policy_drafts": {"MOST_DAYS": 3_660},
    "contacts.domain.provenance": {"SHORT": 12},
    "contacts.domain.quiet_hours": {"MINUTES_A_DAY": 1_440},
    "contacts.domain.rows": {"_TOMORROW": DAY},
    "contacts.domain.screened_tables": {"_LONGEST": 1_000_000},
    "contacts.domain.sheets": {
        "MOST_COLUMNS": 500, "_MOST_LINES": 1_000, "_SAMPLED": 50, "_WRITTEN_KEPT": 10_000,
    },
    "contacts.domain.signup_drafts": {
        "LONGEST_NAME": 60, "LONGEST_TITLE": 200, "LONGEST_WORDING": 5_000, "_TAKEN": {"confirm", "new"},
    },
    "contacts.domain.signup_limits": {
        "DAY": DAY, "SIGNUP_LASTS": 7 * DAY, "UNCONFIRMED_MONTH": 30 * DAY, "MOST_MAILS_A_MONTH": 4, "_SITE_BITS": 64,
    },
    "contacts.domain.stop_letters": {"LONGEST_TEXT": 4_000},
    "contacts.domain.stop_words": {"LONGEST_LINE": 300},
    "contacts.domain.topic_drafts": {"LONGEST_TITLE": 200, "LONGEST_DESCRIPTION": 500},
    "contacts.domain.undoing": {"UNDO_FOR": DAY},
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_of_each_module_are_these(name: str):
    module = import_module(name)
    assert {figure: getattr(module, figure) for figure in FIGURES[name]} == FIGURES[name]
