"""Wordings: what somebody is asked to agree to, word for word, and the hash by which a consent names it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Self


@dataclass(frozen=True)
class Line:
    """One thing that is agreed to."""

    scope: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Wording:
    """All that a person sees when they are asked; whoever changes a form makes another wording, never this one."""

    title: str
    statement: str
    lines: Sequence[Line]
    policy_version: str
    privacy_url: str
    sender: str

    @property
    def said(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self) | {"lines": [asdict(line) for line in self.lines]}

    @property
    def digest(self) -> str:
        """SHA-256 of the one spelling that this wording has."""
        spelt = json.dumps(self.said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return sha256(spelt.encode("ascii")).hexdigest()

    @property
    def scopes(self) -> list[str]:
        """What is agreed to."""
        return [line.scope for line in self.lines]

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """A wording as it was kept."""
        return cls(**{**said, "lines": tuple(Line(**line) for line in said["lines"])})
