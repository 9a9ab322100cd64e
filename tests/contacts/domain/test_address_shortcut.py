"""The short way to read an address gives what the long one gives, for every address that anybody can write."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from contacts.domain.addresses import _read_any, read_address
from contacts.domain.bare_addresses import bare_address
from core.errors import BadInput

LOCALS = st.one_of(
    st.text("aB1.+-_'!#{}=", min_size=1, max_size=12),
    st.sampled_from(
        ["Info", "POSTMASTER", "abuse", "Ada.Lovelace", "a" * 64, "a" * 65, '"a b"', "jörg", "ﬁ", "a..b", "A+b"]
    ),
    st.text(max_size=4),
)
DOMAINS = st.one_of(
    st.sampled_from(
        ["example.org", "Example.ORG", "bücher.example", "xn--bcher-kva.example", "faß.de", "ｅxample.org", "localhost"]
    ),
    st.sampled_from(
        ["a.test", "gmail.com", "GoogleMail.com", "example.c", "[127.0.0.1]", "-a.org", "a_b.org", "a..org", "org"]
    ),
    st.sampled_from(
        [f"{'a' * 63}.{'b' * 63}.{'c' * 62}.org", f"{'ü' * 40}.{'b' * 63}.{'c' * 60}.org", "a@b.org", "例え.jp"]
    ),
    st.text("ab.-Ü1\u3002", min_size=1, max_size=12),
    st.text(max_size=6),
)


def outcome(read, written):
    try:
        return read(written)
    except BadInput as refusal:
        return refusal.message


@settings(max_examples=2_000, deadline=None)
@given(LOCALS, DOMAINS)
@example("a", "example.org")
def test_the_short_way_and_the_long_one_give_one_answer(local, domain):
    written = f"{local}@{domain}"
    if bare := bare_address(written):
        assert outcome(read_address, written) == outcome(_read_any, bare)
