"""Domains of one provider share its limits; all others have their own."""

import pytest

from campaigns.domain.providers import PROVIDERS, provider_of, read_rates
from core.errors import Misconfigured


def test_addresses_and_domains_belong_to_their_provider_or_stand_for_themselves():
    assert {provider_of(each) for each in ("ann@gmail.com", "bo@GoogleMail.com", "gmail.com")} == {"gmail"}
    assert provider_of("x@hotmail.co.uk") == provider_of("y@outlook.com") == "outlook"
    assert provider_of('"a@b"@Example.ORG.') == "example.org"


def test_no_domain_belongs_to_two_providers_and_no_name_is_a_domain():
    every = [domain for domains in PROVIDERS.values() for domain in domains.split()]
    assert len(every) == len(set(every))
    assert not any("." in name or "@" in name for name in PROVIDERS)
    assert all(domain == domain.lower() and "." in domain for domain in every)


def test_rates_are_read_and_a_domain_stands_for_its_provider():
    assert read_rates("") == {}
    assert read_rates("googlemail.com=20, example.org=0.5") == {"gmail": 20, "example.org": 0.5}


@pytest.mark.parametrize(
    "text", ["gmail", "gmail=", "=3", "gmail=0", "gmail=inf", "ann@gmail.com=3", "gmail=1 gmail.com=2"]
)
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(Misconfigured, match="no rate"):
        read_rates(text)
