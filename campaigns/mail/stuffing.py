"""A message as it crosses the line: CRLF everywhere, and no line that could be taken for the end (RFC 5321 4.5.2)."""

import re

_ANY_BREAK = re.compile(rb"\r\n|\r|\n")


def stuffed(message: bytes) -> bytes:
    """The message without the last dot: each bare CR or LF a CRLF, each dot at a line's start doubled.

    Nothing in it ends it, whatever a server takes for the end of a line.
    """
    breaks = message.count(b"\r\n")
    if message.count(b"\n") != breaks or message.count(b"\r") != breaks:
        message = _ANY_BREAK.sub(b"\r\n", message)
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    message = message.replace(b"\r\n.", b"\r\n..")
    return b"." + message if message.startswith(b".") else message
