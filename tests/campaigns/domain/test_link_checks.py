import pytest

from campaigns.domain.link_checks import LinkFault, as_location, is_destination, link_fault


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org/a?b=c#d",
        "https://münchen.example/",
        "https://example.org:8443/",
        "https://[2001:db8::1]/",
        "mailto:info@example.org",
        "tel:+49301234",
        "#top",
        " https://example.org ",
    ],
)
def test_a_whole_link_has_no_fault(url):
    assert link_fault(url) is None


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", LinkFault.EMPTY),
        ("  ", LinkFault.EMPTY),
        ("https://example.org/{{ contact.name }}", LinkFault.VARIABLE),
        ("{% url %}", LinkFault.VARIABLE),
        ("/shop", LinkFault.RELATIVE),
        ("www.example.org", LinkFault.RELATIVE),
        ("//example.org/x", LinkFault.RELATIVE),
        ("javascript:alert(1)", LinkFault.SCHEME),
        ("ftp://example.org", LinkFault.SCHEME),
        ("https://", LinkFault.MALFORMED),
        ("https:example.org", LinkFault.MALFORMED),
        ("https://nodot/", LinkFault.MALFORMED),
        ("https://exa mple.org/", LinkFault.MALFORMED),
        ("https://example.org/a b", LinkFault.MALFORMED),
        ("https://example.org:notaport/", LinkFault.MALFORMED),
        ("https://[::1/", LinkFault.MALFORMED),
        ("mailto:", LinkFault.NOWHERE),
        ("#", LinkFault.NOWHERE),
        ("http://example.org/", LinkFault.UNENCRYPTED),
    ],
)
def test_each_fault_of_a_link_is_told(url, fault):
    assert link_fault(url) is fault


def test_only_an_unencrypted_link_is_tolerable():
    assert [fault for fault in LinkFault if fault.is_tolerable] == [LinkFault.UNENCRYPTED]


def test_a_redirect_leads_only_to_whole_web_addresses():
    assert is_destination("https://example.org/")
    assert is_destination("http://example.org/")
    assert not is_destination("mailto:info@example.org")
    assert not is_destination("https://")


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://example.org/a?b=%20c#d", "https://example.org/a?b=%20c#d"),
        ("https://münchen.example/straße?q=ü#ä", "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%BC#%C3%A4"),
        ("https://example.org:8443/日本", "https://example.org:8443/%E6%97%A5%E6%9C%AC"),
        ("https://faß.example/ß%20", "https://xn--fa-hia.example/%C3%9F%20"),
    ],
)
def test_a_destination_becomes_a_location_that_leads_to_the_same_place(url, location):
    assert as_location(url) == location
