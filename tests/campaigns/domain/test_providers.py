"""Domains of one provider share its limits; all others have their own."""

from campaigns.domain.providers import PROVIDERS, provider_of


def test_addresses_and_domains_belong_to_their_provider_or_stand_for_themselves():
    assert {provider_of(each) for each in ("ann@gmail.com", "bo@GoogleMail.com", "gmail.com")} == {"gmail"}
    assert provider_of("x@hotmail.co.uk") == provider_of("y@outlook.com") == "outlook"
    assert provider_of('"a@b"@Example.ORG.') == "example.org"


def test_no_domain_belongs_to_two_providers_and_no_name_is_a_domain():
    every = [domain for domains in PROVIDERS.values() for domain in domains.split()]
    assert len(every) == len(set(every))
    assert not any("." in name or "@" in name for name in PROVIDERS)
    assert all(domain == domain.lower() and "." in domain for domain in every)
