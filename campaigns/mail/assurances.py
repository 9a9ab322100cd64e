"""What makes a line to a mail server safe: the certificates that are believed, read before any mail is begun."""

import ssl

from campaigns.mail.relay_urls import Line, RelayUrl, read_relay_urls
from core.errors import Misconfigured


def read_fleet(setting: str) -> tuple[RelayUrl, ...]:
    """Read HEEDFUL_SMTP_URL, and the certificates that it names: for whatever is about to call the servers.

    Raises:
        Misconfigured: the setting or one of its files cannot be used.
    """
    fleet = read_relay_urls(setting)
    for relay in fleet:
        tls_of(relay)
    return fleet


def tls_of(relay: RelayUrl) -> ssl.SSLContext | None:
    """Whom we believe on this line; None where it has no TLS.

    Raises:
        Misconfigured: its `cafile` cannot be read, or holds no certificate.
    """
    if relay.line not in {Line.TLS, Line.STARTTLS}:
        return None
    try:
        return ssl.create_default_context(cafile=relay.cafile or None)
    except ssl.SSLError:
        why = "holds no certificate"
    except (OSError, ValueError) as error:
        why = f"cannot be read ({getattr(error, 'strerror', None) or 'no such name'})"
    raise Misconfigured(
        f"HEEDFUL_SMTP_URL, {relay.shown}: the file of cafile, {relay.cafile!r}, {why}.",
        remedy="Name the certificate of the authority in PEM form, or leave cafile out for the system's own.",
    )
