"""Addresses: the one to deliver to, and the two keys by which a person is known (GUARANTEES 3)."""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

import idna
from email_validator import EmailNotValidError, validate_email
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES, EMAIL_MAX_LENGTH

from contacts.domain.bare_addresses import bare_address, unjoined
from core.cards import is_like_a_card
from core.errors import BadInput
from core.language import noted
from core.settings import Settings, split_secrets

LONGEST = 320
LONGEST_WRITTEN = 10_000
"""With the name and whatever else stands around the address; nobody is made to wait for more."""
_GOOGLE = frozenset({"gmail.com", "googlemail.com"})
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ATOMS = re.compile(r'[^\s"(),.:;<>@\[\\\]]+(?:\.[^\s"(),.:;<>@\[\\\]]+)*')
_PLAIN_LOCAL = re.compile(rf"(?=.{{1,64}}\Z){_ATOM}(?:\.{_ATOM})*", re.ASCII)


@dataclass(frozen=True)
class Address:
    """A person's address: as mail is delivered to it, and its canonical spelling and family."""

    delivery: str
    canonical: str
    family: str


@dataclass(frozen=True)
class AddressKeys:
    """The keyed digests of an address, 32 bytes each: the person's own, and the family's."""

    own: bytes
    family: bytes


class Pepper:
    """One secret without which nobody can tell an address from its key."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def keys(self, address: Address) -> AddressKeys:
        """The keys of an address under this secret alone (HMAC-SHA256, RFC 2104).

        Own and family never meet by chance of spelling. By which keys the house knows a person, only
        `contacts.storage.peppers` can say: after a rotation it may be those of an older secret.
        """
        return AddressKeys(self._digest(b"own", address.canonical), self._digest(b"family", address.family))

    @cached_property
    def canary(self) -> str:
        """A value that tells this secret from every other one and gives nothing of it away."""
        return self._digest(b"canary", "heedful").hex()

    def partner_key(self, salt: bytes) -> bytes:
        """The key under which one partner and this house know people, 32 bytes; it tells nothing of the secret."""
        return hmac.digest(self._secret, b"partner\0" + salt, "sha256")

    def _digest(self, label: bytes, text: str) -> bytes:
        return hmac.digest(self._secret, label + b"\0" + text.encode(), "sha256")


class PepperRing:
    """Every secret that addresses were or will be keyed with, newest first, as the operator set them."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.peppers = tuple(Pepper(secret) for secret in secrets)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The ring that the operator set."""
        return cls(split_secrets(settings.pepper))


def read_address(written: str) -> Address:
    """The address that somebody wrote, perhaps as `Name <a@b>` or `mailto:a@b`.

    A local part in quotation marks is read, for mail can be delivered to `"ann b"@example.org`; the marks count only
    where they must be there. A domain literal such as `a@[192.0.2.1]` is refused: nobody consents for a machine.

    Raises:
        BadInput: it is not an address that mail can be delivered to; the sentence never repeats the address.
    """
    bare = bare_address(written) if len(written) <= LONGEST_WRITTEN else written
    if not bare:
        raise BadInput(noted("The address is empty."), field="address")
    if len(bare) > LONGEST:
        raise BadInput(f"The address is longer than {LONGEST} characters.", field="address")
    local, _, domain = bare.rpartition("@")
    if _PLAIN_LOCAL.fullmatch(local) and local.lower() not in CASE_INSENSITIVE_MAILBOX_NAMES:
        usual = _usual_domain(domain)
        # the library counts in several spellings; none of them is longer than four bytes a character
        if usual and len(local) + 1 + 4 * max(len(domain), len(usual)) <= EMAIL_MAX_LENGTH:
            small = local.lower()
            return Address(f"{local}@{usual}", f"{small}@{usual}", _family(small, usual))
    return _read_any(bare)


def read_address_to_keep(written: str) -> Address:
    """The address that somebody wrote, for whoever will keep it and not its keys alone (P8).

    Raises:
        BadInput: as `read_address`; or it has a card number in it.
    """
    address = read_address(written)
    if is_like_a_card(address.delivery):
        raise BadInput(noted("This has a card number in it."), field="address", remedy="Choose another address.")
    return address


@lru_cache(maxsize=10_000)
def _usual_domain(domain: str) -> str | None:
    """The ASCII form of a domain that an address can have; kept, for a table repeats its domains (a third of the time).

    With a plain ASCII local part before the @ the library looks at the two parts apart; a property test holds the
    short way and the long one to one answer.
    """
    try:
        read = _read_any(f"a@{domain}")
    except BadInput:
        return None
    delivered = read.delivery.rpartition("@")[2]
    return delivered if read.canonical == f"a@{delivered}" else None


def _read_any(bare: str) -> Address:
    local, _, domain = bare.rpartition("@")
    try:
        shown = idna.decode(domain) if "xn--" in domain.lower() else domain
        # the library takes no joiner, not even where one makes another domain: it is shown the domain without
        looked_at = f"{local}@{unjoined(shown)}" if unjoined(shown) != shown else bare
        valid = validate_email(
            looked_at, check_deliverability=False, strict=True, test_environment=True, allow_quoted_local=True
        )
        domain = _ascii_domain(valid.domain if looked_at == bare else shown)
    except (EmailNotValidError, idna.IDNAError) as error:
        raise BadInput(_without_address(str(error), bare), field="address") from None
    said = _canonical_local(_unquoted(valid.local_part))
    return Address(f"{valid.local_part}@{domain}", f"{_quoted(said)}@{domain}", _family(said, domain))


def _ascii_domain(domain: str) -> str:
    """The domain as A-labels by UTS 46 non-transitional, so that faß.de stays itself."""
    return idna.encode(domain, uts46=True, transitional=False).decode("ascii").lower()


def _canonical_local(local: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local).casefold())


def _unquoted(local: str) -> str:
    """What a local part in quotation marks says."""
    return re.sub(r"\\(.)", r"\1", local[1:-1]) if local[:1] == '"' == local[-1:] else local


def _quoted(said: str) -> str:
    """The one spelling of what a local part says: with quotation marks only where it could not stand without."""
    if _ATOMS.fullmatch(said):
        return said
    return '"' + re.sub(r'(["\\])', r"\\\1", said) + '"'


def _family(local: str, domain: str) -> str:
    """The spelling shared by addresses that are likely one person: without +tag and, for Gmail, without dots."""
    bare = local.split("+", 1)[0] or local
    if domain in _GOOGLE:
        return f"{_quoted(bare.replace('.', '') or bare)}@gmail.com"
    return f"{_quoted(bare)}@{domain}"


def _without_address(sentence: str, address: str) -> str:
    """The library's explanation, unless it quotes what was typed (P1)."""
    local, _, domain = address.rpartition("@")
    quoted = any(part and part in sentence for part in (address, local, domain) if len(part) > 2)  # noqa: PLR2004
    return "This is not an address that mail can be delivered to." if quoted else sentence
