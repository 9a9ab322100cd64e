"""Mail headers as bytes: folded, encoded and checked, for everything that leaves."""

import re
from binascii import b2a_base64
from collections.abc import Iterator

import idna

from core.errors import BadInput

LINE = 76  # where a line is folded if it can be
LONGEST_LINE = 998  # RFC 5322 2.1.1
_WORD = 75  # RFC 2047 2
_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_PLAIN = re.compile(r"[ -~]*")
_ADDRESS = re.compile(r"[!-;=?-~]+")  # plain ASCII without blanks and angle brackets
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ATOMS = re.compile(rf"{_ATOM}(?: {_ATOM})*")
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])+"')
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_ORDINARY = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*"
)  # what needs no closer look
_NAME = re.compile(r"[!-9;-~]+")
_LONGEST_LOCAL = 64
_LONGEST_WORD = 900  # a longer one is encoded, as nothing else can break it
_SAFE = frozenset(b" ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")  # RFC 2047 5 (3)
_SAFE_BYTES = bytes(_SAFE)
_Q = ["_" if byte == ord(" ") else chr(byte) if byte in _SAFE else f"={byte:02X}" for byte in range(256)]
_AROUND = len("=?utf-8?q??=")


def header(name: str, value: str) -> bytes:
    """Write `Name: value` for free text; words outside ASCII are encoded, long lines folded at blanks.

    Raises:
        BadInput: the value holds a line break or another control character, or a word too long for a line.
    """
    refuse_controls(name, value)
    words = value.split(" ")
    plain = _PLAIN.fullmatch(value) and "=?" not in value and value == value.strip()
    if plain and max(map(len, words)) <= _LONGEST_WORD:
        return _folded(name, words)
    return _folded(name, list(_encoded_words(value, len(name) + 2)))


def unfolded(name: str, value: str) -> bytes:
    """Write a header on one line, whatever its length: for addresses that break when they are folded.

    Raises:
        BadInput: the value is not plain ASCII, or longer than a line may be.
    """
    refuse_controls(name, value)
    if not _PLAIN.fullmatch(value) or len(name) + 2 + len(value) > LONGEST_LINE:
        raise BadInput(f"{name}: only {LONGEST_LINE - len(name) - 2} plain characters fit.", field=name)
    return f"{name}: {value}\r\n".encode("ascii")


def listed(name: str, items: list[str]) -> bytes:
    """Write addresses in angle brackets, each whole on its line: `<https://…>, <mailto:…>`.

    Raises:
        BadInput: one is not plain ASCII, or longer than a line may be.
    """
    for item in items:
        refuse_controls(name, item)
        if not _ADDRESS.fullmatch(item) or len(name) + 5 + len(item) > LONGEST_LINE:
            raise BadInput(f"{name}: an address is too long or has characters that a header cannot.", field=name)
    return (f"{name}: " + ",\r\n ".join(f"<{item}>" for item in items) + "\r\n").encode("ascii")


def mailbox(name: str, field: str, display: str, address: str, *, utf8: bool = False) -> bytes:
    """Write a header with one mailbox, the display name quoted or encoded as it needs.

    `name` is the header's, `field` what a complaint calls the input.

    Raises:
        BadInput: a control character in either, or an address that cannot be written; with `utf8` the relay
            takes addresses beyond ASCII before the @.
    """
    refuse_controls(field, display)
    spec = address if is_ordinary(address) else addr_spec(address, field=field, utf8=utf8)
    return named(name, display, f"<{spec}>" if display.strip() else spec)


def named(name: str, display: str, bracketed: str) -> bytes:
    """Write a header that is a phrase for people and something in angle brackets for machines: To, List-Id.

    Raises:
        BadInput: a control character in either.
    """
    refuse_controls(name, display + bracketed)
    if not display.strip():
        words = []
    elif len(display) <= _LONGEST_WORD and _ATOMS.fullmatch(display):
        words = display.split(" ")
    elif len(display) <= _LONGEST_WORD // 2 and _PLAIN.fullmatch(display) and "=?" not in display:
        escaped = display.replace("\\", "\\\\").replace('"', '\\"')
        words = [f'"{escaped}"']
    else:
        words = list(_encoded_words(display, len(name) + 2))
    return _folded(name, [*words, bracketed], "utf-8")


def is_ordinary(address: str) -> bool:
    """Whether an address can be written as it is, everywhere."""
    return _ORDINARY.fullmatch(address) is not None


def addr_spec(address: str, *, field: str = "address", utf8: bool = False) -> str:
    """Write an address for the envelope or a header: the domain as A-labels, the part before the @ as it is.

    Raises:
        BadInput: no address, or one beyond ASCII before the @ while the relay does not take such (`utf8`).
    """
    refuse_controls(field, address)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or len(local.encode()) > _LONGEST_LOCAL:
        raise BadInput("This is not an email address.", field=field)
    if not local.isascii() and not utf8:
        raise BadInput(
            "This address has letters beyond ASCII before the @, which the mail server does not take (SMTPUTF8).",
            field=field,
        )
    checked = re.sub(r"[^\x00-\x7f]", "x", local)
    if not _DOT_ATOM.fullmatch(checked) and not _QUOTED.fullmatch(checked):
        raise BadInput("The part before the @ cannot be written in a mail.", field=field)
    return f"{local}@{ascii_domain(domain, field=field)}"


def ascii_domain(domain: str, *, field: str = "address") -> str:
    """Write a domain with A-labels (IDNA 2008, UTS 46).

    Raises:
        BadInput: no domain name.
    """
    try:
        written = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        written = ""
    if not _DOMAIN.fullmatch(written):
        raise BadInput("The part after the @ is not a domain name.", field=field)
    return written


def refuse_controls(field: str, value: str) -> None:
    """Refuse what could end a header and begin another.

    Raises:
        BadInput: a line break, a NUL or another control character.
    """
    if _FORBIDDEN.search(value):
        raise BadInput(f"{field} must not hold line breaks or control characters.", field=field)


def _folded(name: str, words: list[str], charset: str = "ascii") -> bytes:
    """Join words with blanks, and with a line break before the blank where the line would grow too long."""
    if not _NAME.fullmatch(name):
        raise BadInput(f"“{name}” is no name of a header.", field=name)
    whole = f"{name}: {' '.join(words)}"
    if words and len(whole) <= LINE:
        return (whole + "\r\n").encode(charset)
    lines = [f"{name}:"]
    for word in words:
        fits = len(lines[-1]) + 1 + len(word) <= LINE
        # a blank-only line would end the header, so nothing is folded before or after an empty word
        if fits or not word or not lines[-1].strip() or lines[-1].endswith(" ") or lines[-1] == f"{name}:":
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    if max(map(len, lines)) > LONGEST_LINE:
        raise BadInput(f"{name}: a word is longer than a mail's line may be.", field=name)
    return ("\r\n".join(lines) + "\r\n").encode(charset)


def _encoded_words(value: str, taken: int) -> Iterator[str]:
    """Cut text into encoded words of at most 75 characters, never within a character (RFC 2047 5).

    `taken`: how many columns of the first line are used already.
    """
    whole = value.encode()
    unsafe = len(whole.translate(None, _SAFE_BYTES))
    base64 = unsafe * 2 > len(whole)
    room, size, piece = min(_WORD, LINE - taken) - _AROUND, 0, bytearray()
    if whole and ((len(whole) + 2) // 3 * 4 if base64 else len(whole) + unsafe * 2) <= room:
        yield _encoded_word(whole, base64=base64)
        return
    for letter in value:
        coded = letter.encode()
        more = len(coded) if base64 else sum(1 if byte in _SAFE else 3 for byte in coded)
        if piece and ((size + more + 2) // 3 * 4 if base64 else size + more) > room:
            yield _encoded_word(bytes(piece), base64=base64)
            room, size, piece = _WORD - _AROUND, 0, bytearray()
        piece += coded
        size += more
    yield _encoded_word(bytes(piece), base64=base64)


def _encoded_word(piece: bytes, *, base64: bool) -> str:
    if base64:
        return f"=?utf-8?b?{b2a_base64(piece, newline=False).decode('ascii')}?="
    return f"=?utf-8?q?{''.join(_Q[byte] for byte in piece)}?="
