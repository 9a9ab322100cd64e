"""Decides what a row may do to a person who is known, or not known yet; it can only restrict (G8).

Rows come from an import, and one by one through the API.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contacts.domain.addresses import AddressKeys
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.import_modes import ImportMode
from contacts.domain.policy import SCOPES as POLICY_SCOPES
from contacts.domain.policy import Basis, PolicyTable, rule_for
from contacts.domain.rows import ContactRow
from contacts.domain.scopes import EVERYTHING, is_permittable
from contacts.domain.stopping import stop_fact
from contacts.domain.verdicts import BlockReason

PROFILE = ("given_name", "family_name", "locale", "time_zone")
MOST_ATTRIBUTES = 500


@dataclass
class Known:
    """What is known of one address when its row is met, kept up to date from row to row of a batch.

    ``heard`` says that the ledger has an event about it; a deleted contact is heard of, too.
    """

    profile: dict[str, Any] | None = None
    heard: bool = False
    blocks: set[tuple[str, str]] = field(default_factory=set)
    consents: set[str] = field(default_factory=set)
    fresh: bool = False
    changed: bool = False

    @property
    def left(self) -> bool:
        """Was this a contact that is none any more, or somebody who must not become one by an import?

        Its old consents would count again with a new contact; nothing is collected from a child, nor again from
        somebody who was erased.
        """
        return self.profile is None and (bool(self.consents) or self.uncollectable)

    @property
    def uncollectable(self) -> bool:
        """Is this a child, or somebody who was erased? Nothing is kept of them that was not there before (G13)."""
        return bool({reason for _, reason in self.blocks} & {BlockReason.CHILD, BlockReason.ERASURE})


@dataclass(frozen=True)
class Intake:
    """What holds for all rows of one import, or for one call; `mark` says in the ledger which one it was."""

    mark: Mapping[str, Any]
    door: Door
    at: datetime
    policy_version: str
    policy: PolicyTable
    notice: bool = False
    mode: ImportMode = ImportMode.FILL


def take_in(row: ContactRow, keys: AddressKeys, known: Known, intake: Intake, counts: Counter[str]) -> list[Fact]:
    """Change ``known`` to what it is after the row, count what happened, and give the facts to record.

    A consent is taken only from the row that brings a new address; a known one gets restrictions, and the profile
    fields that the mode lets it have. Of a child nothing is kept but the block.
    """
    is_new = known.profile is None and not known.heard and intake.mode.adds
    facts: list[Fact] = []
    if not row.child and row.source is not None:
        _keep_profile(row, known, intake, counts)
        if intake.mode.adds:
            facts = list(_permissions(row, keys, known, intake, counts, is_new=is_new))
    facts += _restrictions(row, keys, known, intake, counts)
    known.heard = known.heard or bool(facts)
    return facts


def _keep_profile(row: ContactRow, known: Known, intake: Intake, counts: Counter[str]) -> None:
    if known.left:
        counts["left_before"] += 1
    elif known.profile is None and not intake.mode.adds:
        counts["unknown"] += 1
    elif known.profile is None:
        known.profile, known.fresh = _profile(row, intake), True
        counts["added"] += 1
    else:
        here_before = known.fresh or known.profile["created_at"] == intake.at
        counts["repeated" if here_before else "known"] += 1
        _change(row, known.profile, known, intake, counts)


def _profile(row: ContactRow, intake: Intake) -> dict[str, Any]:
    return {
        "address": row.address.delivery,
        "given_name": row.given_name,
        "family_name": row.family_name,
        "locale": row.locale,
        "time_zone": row.time_zone,
        "source": row.source.value if row.source else "",
        "source_at": row.source_at,
        "evidence": row.evidence,
        "attributes": row.attributes,
        "created_at": intake.at,
        "updated_at": intake.at,
    }


def _change(row: ContactRow, profile: dict[str, Any], known: Known, intake: Intake, counts: Counter[str]) -> None:
    """Fill what was empty, or make it what the row says, as the mode wants; an empty cell changes nothing."""
    if intake.mode is ImportMode.ADD or known.uncollectable:
        return
    overwrites = intake.mode is ImportMode.UPDATE
    said = {name: getattr(row, name) for name in PROFILE if getattr(row, name)}
    changed = {name: value for name, value in said.items() if _counts(profile[name], value, overwrites=overwrites)}
    attributes = merged_attributes(profile["attributes"], row.attributes, overwrites=overwrites)
    if attributes != profile["attributes"]:
        changed["attributes"] = attributes
    if changed:
        profile |= {**changed, "updated_at": intake.at}
        known.changed = True
        counts["updated" if overwrites else "filled"] += 1


def _counts(before: str, now: str, *, overwrites: bool) -> bool:
    return (overwrites and before != now) or not before


def merged_attributes(before: Mapping[str, Any], given: Mapping[str, Any], *, overwrites: bool) -> dict[str, Any]:
    """Add attributes to those that are there; what is new is left out where they would become too many."""
    new = {key: value for key, value in given.items() if key not in before}
    kept = dict(before)
    if overwrites:
        kept |= {key: value for key, value in given.items() if key in before}
    return kept | new if len(kept) + len(new) <= MOST_ATTRIBUTES else kept


def _permissions(
    row: ContactRow, keys: AddressKeys, known: Known, intake: Intake, counts: Counter[str], *, is_new: bool
) -> Iterator[Fact]:
    for scope in row.consents:
        if scope in known.consents:
            continue
        if not is_new:
            counts["consents_of_known"] += 1
        elif _basis(row, scope, intake) is Basis.NONE:
            counts["consents_unjustified"] += 1
        else:
            counts["consents"] += 1
            known.consents.add(scope)
            yield _permission(row, keys, Kind.CONSENT, scope, intake)
    if intake.notice and is_new:
        for scope in POLICY_SCOPES:
            if is_permittable(scope) and scope not in known.consents and _basis(row, scope, intake) is Basis.NOTICE:
                counts["notices"] += 1
                known.consents.add(scope)
                yield _permission(row, keys, Kind.NOTICE, scope, intake)


def _basis(row: ContactRow, scope: str, intake: Intake) -> Basis:
    assert row.source is not None
    return rule_for(intake.policy, intake.policy_version, row.source.value, scope).basis


def _permission(row: ContactRow, keys: AddressKeys, kind: Kind, scope: str, intake: Intake) -> Fact:
    assert row.source is not None
    assert row.source_at is not None
    return Fact(
        keys.own,
        keys.family,
        kind,
        scope,
        intake.door,
        row.source_at,
        source=row.source.value,
        evidence=row.evidence,
        policy_version=intake.policy_version,
        details=_details(row, intake),
    )


def _restrictions(
    row: ContactRow, keys: AddressKeys, known: Known, intake: Intake, counts: Counter[str]
) -> Iterator[Fact]:
    kinds = [(Kind.CHILD, EVERYTHING, BlockReason.CHILD)] if row.child else []
    kinds += [(Kind.OPT_OUT, scope, BlockReason.OPT_OUT) for scope in row.opt_outs]
    for kind, scope, reason in kinds:
        if (scope, reason) in known.blocks:
            counts["restrictions_known"] += 1
            continue
        counts["children" if kind is Kind.CHILD else "opt_outs"] += 1
        known.blocks.add((scope, reason.value))
        details = _details(row, intake)
        if kind is Kind.OPT_OUT:
            yield stop_fact(keys, intake.door, at=intake.at, scope=scope, details=details)
        else:
            yield Fact(keys.own, keys.family, kind, scope, intake.door, intake.at, details=details)


def _details(row: ContactRow, intake: Intake) -> dict[str, Any]:
    return {**intake.mark, **({"line": row.line} if row.line else {})}
