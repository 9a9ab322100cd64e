"""A file of certificates that is none is named before any mail is begun, by whatever calls the servers."""

import pytest

from campaigns.mail.assurances import read_fleet, tls_of
from campaigns.mail.relay_urls import Line, RelayUrl
from core.errors import Misconfigured


@pytest.mark.parametrize("line", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize("kind", ["missing", "empty", "words", "folder", "nul"])
def test_a_cafile_that_is_no_certificate_is_named(tmp_path, kind, line):
    path = tmp_path / "ca.pem"
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        path.write_text("" if kind == "empty" else "ann:x:1000:1000::/home/ann:/bin/sh\n")
    name = f"{path}%00" if kind == "nul" else str(path)
    with pytest.raises(Misconfigured, match=r"HEEDFUL_SMTP_URL.*mx2\.test.*cafile.*ca\.pem") as refused:
        read_fleet(f"smtp://mx1.test {line}://ann:secret@mx2.test?cafile={name}")
    assert "secret" not in str(refused.value)


def test_lines_without_tls_need_no_certificates_and_others_believe_the_systems():
    assert tls_of(RelayUrl(Line.PLAIN, "mx1.test")) is None
    assert tls_of(RelayUrl(Line.TLS, "mx1.test")) is not None
    assert [each.host for each in read_fleet("smtp://mx1.test smtps://mx2.test")] == ["mx1.test", "mx2.test"]
