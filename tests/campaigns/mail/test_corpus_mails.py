"""The real mails of four public projects go through links, text part and inlining unharmed."""

import re
from pathlib import Path

import pytest

from campaigns.mail.plaintext import text_from_html
from campaigns.mail.rewriting import links_in_html, links_in_template, links_in_text, rewrite_html
from campaigns.mail.sandbox import check, compile_mail

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "mail-templates"
MAILS = sorted(CORPUS.glob("*/*.html"))
pytestmark = pytest.mark.skipif(not MAILS, reason="the mail corpus is not here: ../shared/corpus/mail-templates")


def read(path: Path) -> str:
    return path.read_bytes().decode()


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_links_are_replaced_and_lead_back_to_where_they_led(path):
    html = read(path)
    kept: list[str] = []

    def wrapped(address: str) -> str:
        kept.append(address)
        return f"https://m.test/c/{len(kept) - 1}"

    def unwrapped(address: str) -> str:
        return kept[int(address.rpartition("/")[2])]

    rewritten = rewrite_html(html, wrapped)
    assert kept == links_in_html(html)
    assert len(kept) == html.lower().count("<a ") - _not_web(html)
    assert links_in_html(rewrite_html(rewritten, unwrapped)) == kept


def _not_web(html: str) -> int:
    tags = html.lower().split("<a ")[1:]
    return sum(not any(f"href={quote}http" in tag.partition(">")[0] for quote in ("'", '"', "")) for tag in tags)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_a_teams_template_of_that_kind_renders_in_the_sandbox(path):
    opened = re.sub(r"\{\{[#^][^}]*\}\}", "{% if true %}", read(path))
    source = re.sub(r"\{\{/[^}]*\}\}", "{% endif %}", opened)
    names = set(re.findall(r"\{\{\s*(\w+)\s*\}\}", source))
    assert not check("Subject", source, None, dict.fromkeys(names))
    mail = compile_mail("Subject", source, None).render({name: _value(name) for name in names})
    assert "{{" not in mail.html
    spelt_out_too = iter(links_in_text(mail.text))  # some show an address as text as well
    assert all(link in spelt_out_too for link in links_in_html(mail.html, outlook=False))
    assert set(links_in_template(source)) <= set(links_in_html(mail.html))


def _value(name: str) -> str:
    return f"https://a.test/{name}?x&y" if name.endswith("url") else name.replace("_", " ")


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_the_text_part_has_the_same_links_in_the_same_order(path):
    html = read(path)
    text = text_from_html(html)
    assert links_in_text(text) == links_in_html(html, outlook=False)
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 72
