"""Tempos: how fast a campaign may go and at which hours; the columns that it and each of its mailings have."""

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

TEMPO = ("rate_per_minute", "sending_hours", "sending_zone")
"""What a mailing keeps a copy of beside the content; no check looks at it."""


class Tempo:
    """The columns, for the classes that have a tempo.

    `rate_per_minute`: the most messages a minute, all senders together; None: as fast as the servers take them.
    `sending_hours`: as windows are written, such as "mon-fri 09:00-17:00"; empty: at any hour. `sending_zone`: where
    those hours are read: a time zone, "recipient" for where each person lives, or empty for the house's.
    """

    rate_per_minute: Mapped[float | None] = mapped_column(Float)
    sending_hours: Mapped[str] = mapped_column(String(60), default="", server_default="")
    sending_zone: Mapped[str] = mapped_column(String(60), default="", server_default="")
