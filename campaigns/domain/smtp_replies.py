"""What a mail server's answer means: for the message, and for the line, the domain or the relay behind it."""

from enum import StrEnum


class Phase(StrEnum):
    """Where in a handover the answer was given, or the line was lost."""

    PREPARE = "prepare"  # nothing was said: the message is none that this server takes
    CONNECT = "connect"  # the line, TLS, the greeting and EHLO
    LOGIN = "login"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"  # up to the last dot, which was not written
    DOT = "dot"  # after it


class Meant(StrEnum):
    """Whom an answer is about: who is left alone for a while, if it was no."""

    MESSAGE = "message"
    DOMAIN = "domain"  # the recipient's
    RELAY = "relay"
