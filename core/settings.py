"""What an operator can set: HEEDFUL_* in the environment or in a .env file of the working folder."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import Misconfigured

SHORTEST_SECRET = 32
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class OneClick(StrEnum):
    """What the header's one-click stops."""

    EVERYTHING = "everything"
    TOPIC = "topic"


def _https_or_loopback(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a full address such as https://mail.example.org")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("must begin with https:// unless the host is this machine")
    if parts.query or parts.fragment:
        raise ValueError("must have no ? and no # part")
    return url.rstrip("/")


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError(f"must have at least {SHORTEST_SECRET} characters; `heedful init` makes one")
    return secret


def split_secrets(secrets: SecretStr) -> list[str]:
    """The secrets of a ring, newest first: they are parted by commas, and blanks around them do not count."""
    return [each.strip() for each in secrets.get_secret_value().split(",")]


def _each_long_enough(secrets: SecretStr) -> SecretStr:
    """Every one of a ring, once: what a slip of the pen left empty or short would let anybody find the addresses."""
    each = split_secrets(secrets)
    for secret in each:
        _long_enough(SecretStr(secret))
    if len(set(each)) < len(each):
        raise ValueError("holds the same secret twice")
    return secrets


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone that is known; write a name such as Europe/Berlin") from None


BaseUrl = Annotated[str, AfterValidator(_https_or_loopback)]
Secret = Annotated[SecretStr, AfterValidator(_long_enough)]
SecretRing = Annotated[SecretStr, AfterValidator(_each_long_enough)]


class Settings(BaseSettings):
    """Everything that can be set; the README's table is compared with this class by a test."""

    model_config = SettingsConfigDict(env_prefix="HEEDFUL_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        "sqlite:///heedful.db", description="Where everything is kept: sqlite:///… or postgresql://…"
    )
    smtp_url: SecretStr = Field(
        SecretStr("capture:"),
        description="Who takes the mail: smtp://, smtp+starttls://, smtps:// (several, comma-separated), "
        "or capture: for the built-in mailbox",
    )
    base_url: BaseUrl = Field(
        "http://127.0.0.1:8025",
        description="The address in every link; https unless the host is this machine",
    )
    secret_key: Secret = Field(
        description="Signs links and sessions; several, comma-separated, newest first, for rotation"
    )
    pepper: SecretRing = Field(
        description="Keys the addresses; losing it loses every opt-out, so keep a copy apart from the database; "
        "several, comma-separated, newest first, after `heedful pepper rotate`"
    )
    data_dir: Path = Field(Path("data"), description="Folder for the captured mail, reject files and the click spool")
    sender_name: str = Field("", description="From: the name people see")
    sender_email: str = Field("", description="From: the address people see")
    sender_postal_address: str = Field("", description="Postal address in every mail's footer (required by law)")
    reply_to: str = Field("", description="Where replies go; the sender's address if empty")
    privacy_url: str = Field("", description="Your privacy policy, linked in every mail")
    unsubscribe_mailto: str = Field(
        "",
        description="Address whose mail is piped into `heedful opt-out --mail -`; the header's second way out",
    )
    dkim_keys: str = Field(
        "",
        description="Keys that sign the mail, as selector:domain:file; several, comma-separated (`heedful dkim new`)",
    )
    one_click_scope: OneClick = Field(
        OneClick.EVERYTHING,
        description="What the header's one-click stops: everything, or the campaign's topic",
    )
    policy: Literal["strict", "notice"] = Field(
        "strict",
        description="Which permission policy `heedful init` writes: strict (opt-in) or notice (opt-out)",
    )
    child_age: int = Field(16, ge=1, le=21, description="Below this age a person is a child, in years")
    child_data_days: int = Field(
        14,
        ge=0,
        le=90,
        description="Days until what is kept of a child is deleted; 0: at once. The block stays",
    )
    language: str = Field("en", description="Language of recipients' pages and mails where none is told")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field("UTC", description="The team's time zone")
    host: str = Field("127.0.0.1", description="Where the web server listens")
    port: int = Field(8025, ge=1, le=65535, description="Port of the web server")
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="How many reverse proxies stand in front and set X-Forwarded-For"
    )
    sender_connections: int = Field(
        20, ge=1, le=200, description="SMTP connections of one sender process to each server"
    )
    sender_rate: float = Field(0, ge=0, description="Most messages a second for one sender process; 0: no limit")
    retry_hours: float = Field(
        24,
        ge=0,
        le=168,
        description="How long a message that a server put off is tried again, in hours",
    )
    provider_rates: str = Field(
        "",
        description="Most messages a second to a mailbox provider or domain, all senders together: "
        "gmail=20, example.org=0.5",
    )
    pause_at_failures: float = Field(
        0.1,
        ge=0,
        le=1,
        description="Share of messages that fail, or else of those that get no answer, "
        "at which a campaign is paused by itself; 0: never",
    )
    pause_at_bounces: float = Field(
        0.05, ge=0, le=1, description="The same for addresses at which nobody is, by the receiving server's word"
    )
    pause_at_complaints: float = Field(0.003, ge=0, le=1, description="The same for complaints")
    pause_at_not_written: float = Field(
        0.02, ge=0, le=1, description="The same for messages that could not be written, as the template fails for them"
    )
    confirm_seconds: float = Field(
        5.0,
        gt=0,
        le=30,
        description="How long an opt-out waits for mail that is being handed over, in seconds",
    )
    session_hours: float = Field(12, gt=0, description="How long an operator stays signed in, in hours")
    api_rate: int = Field(
        1200, ge=1, description="Most API requests of one token a minute, for each web server process"
    )
    log_format: Literal["human", "json"] = Field("human", description="How logs are written: human or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged")

    @model_validator(mode="after")
    def _follow_the_port(self) -> Self:
        """Links lead to where the web server listens, unless it is said where they lead."""
        if "base_url" not in self.model_fields_set:
            object.__setattr__(self, "base_url", f"http://127.0.0.1:{self.port}")
        return self

    @cached_property
    def mailbox_dir(self) -> Path:
        """Folder of the built-in capture mailbox."""
        return self.data_dir / "mailbox"


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        Misconfigured: with one line for each setting that is missing or wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [_line(str(fault["loc"][0]) if fault["loc"] else "settings", fault["msg"]) for fault in error.errors()]
        raise Misconfigured(
            "Settings cannot be used.\n" + "\n".join(lines),
            remedy="\nSet them in the environment or in .env; `heedful init` writes a first .env.",
        ) from None


def _line(name: str, fault: str) -> str:
    return f"  HEEDFUL_{name.upper()}: {fault.removeprefix('Value error, ')}"


def unknown_settings(environment: Mapping[str, str], env_file: Path = Path(".env")) -> list[str]:
    """HEEDFUL_ names that mean nothing: most likely a slip of the pen."""
    names = {name.upper() for name in environment}
    if env_file.is_file():
        names |= {name.upper() for name in dotenv_values(env_file)}
    known = {f"HEEDFUL_{name.upper()}" for name in Settings.model_fields}
    ours = ("HEEDFUL_TEST", "HEEDFUL_HOUSEHOLD")
    return sorted(name for name in names - known if name.startswith("HEEDFUL_") and not name.startswith(ours))
