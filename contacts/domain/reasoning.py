"""Reasoning: a verdict as a sentence that a marketer understands, from the event and the rule that decide (G17)."""

from dataclasses import dataclass

from contacts.domain.facts import Door, Fact
from contacts.domain.permission import Grant, Numbered, Standing, lapses_at
from contacts.domain.policy import Basis, PolicyTable, rule_for
from contacts.domain.scopes import EVERYTHING, MARKETING, PARTNERS, SHARING, TRACKING, covering
from contacts.domain.verdicts import SENTENCES, BlockReason, Reason
from core.language import gettext as _

DOORS = {
    Door.IMPORT: _("imported"),
    Door.ONE_CLICK: _("one-click in the mail program"),
    Door.PAGE: _("the page behind the mail's link"),
    Door.OPEN_PAGE: _("the page without a link"),
    Door.PREFERENCES: _("their preference page"),
    Door.MAILTO: _("mail to the unsubscribe address"),
    Door.REPLY: _("a reply"),
    Door.OPERATOR: _("by an operator"),
    Door.TERMINAL: _("in the terminal"),
    Door.API: _("through the API"),
    Door.SURVEY: _("in a survey"),
    Door.FEEDBACK_LOOP: _("the mailbox provider"),
    Door.DELIVERY: _("the receiving server"),
    Door.SUPPRESSION_LIST: _("a suppression list"),
    Door.SIGN_UP: _("a sign-up form"),
    Door.DOUBLE_OPT_IN: _("confirmed by mail"),
    Door.CONTACT_FORM: _("the contact form"),
    Door.MERGE: _("merged with another address of theirs"),
    Door.ADDRESS_CHANGE: _("a change of address"),
    Door.PARTNER_EXPORT: _("handed to a partner"),
}
SCOPES = {
    EVERYTHING: _("everything"),
    MARKETING: _("all marketing"),
    PARTNERS: _("all partners"),
    TRACKING: _("click tracking"),
    SHARING: _("sharing with partners"),
}
_BLOCKS = {
    Reason.CHILD: BlockReason.CHILD,
    Reason.ERASED: BlockReason.ERASURE,
    Reason.COMPLAINT: BlockReason.COMPLAINT,
    Reason.BOUNCED: BlockReason.BOUNCE,
    Reason.OPTED_OUT: BlockReason.OPT_OUT,
    Reason.HELD: BlockReason.HOLD,
}


@dataclass(frozen=True)
class Ground:
    """What decided a verdict: the events' numbers in the ledger, and the rule in words."""

    events: tuple[int, ...] = ()
    rule: str = ""


def ground(
    reason: Reason | None, stands: Standing, scope: str, policy: PolicyTable, relatives: list[Standing]
) -> Ground:
    """The events and the rule behind a verdict."""
    chain = covering(scope)
    if reason in _BLOCKS:
        wanted = _BLOCKS[reason]
        numbers = [
            number for (where, why), number in stands.blocks.items() if why is wanted and _holds(where, why, chain)
        ]
        return Ground(
            tuple(sorted(set(numbers))), _("Deny beats permit: a block holds for its scope and all below it.")
        )
    grant = stands.grants.get(scope)
    own = (grant.sequence,) if grant else ()
    if reason is Reason.FAMILY_HELD:
        spoken = grant.sequence if grant and grant.confirmed else 0
        numbers = [since for each in relatives for (where, _why), since in each.blocks.items() if where in chain]
        return Ground(
            tuple(sorted({number for number in numbers if number > spoken})),
            _("A close spelling is held until this very address says yes itself."),
        )
    if reason in {None, Reason.NO_PERMISSION, Reason.PERMISSION_LAPSED}:
        return Ground(own, _policy_rule(grant, scope, policy))
    return Ground(own)


def _holds(where: str, why: BlockReason, chain: tuple[str, ...]) -> bool:
    return where in chain or why is BlockReason.CHILD


def _policy_rule(grant: Grant | None, scope: str, policy: PolicyTable) -> str:
    if grant is None:
        return _("Without a recorded permission nothing is sent.")
    if grant.confirmed:
        return _("The person's own confirmed yes.")
    basis = rule_for(policy, grant.policy_version, grant.source, scope).basis
    words = {Basis.NONE: _("justifies nothing"), Basis.CONSENT: _("needs a yes"), Basis.NOTICE: _("is enough if told")}
    return _("Policy {version}: an address from {source} {words} on this topic.").format(
        version=grant.policy_version, source=grant.source, words=words[basis]
    )


def sentence(
    reason: Reason | None,
    stands: Standing,
    scope: str,
    policy: PolicyTable,
    *,
    events: dict[int, Numbered],
    decided: Ground,
    detail: str = "",
) -> str:
    """Why somebody may or may not be written to, as one tells it to a colleague."""
    if reason is None:
        return _permitted(stands.grants.get(scope), scope, policy)
    said = _(SENTENCES[reason])
    first = events.get(decided.events[0]) if decided.events else None
    if reason is Reason.NO_PERMISSION and first is not None:
        return _("gave a permission that the policy does not take for this topic")
    if reason in _BLOCKS and first is not None:
        return f"{said} ({_told(first.fact)})"
    if reason is Reason.PAUSED:
        until = max(until for where, until in stands.pauses.items() if where in covering(scope))
        return f"{said} ({_('until {day}').format(day=f'{until:%Y-%m-%d}')})"
    return f"{said} ({detail})" if detail else said


def _told(fact: Fact) -> str:
    return _("{scope}, {day}, {door}").format(
        scope=SCOPES.get(fact.scope, fact.scope), day=f"{fact.at:%Y-%m-%d}", door=DOORS[fact.door]
    )


def _permitted(grant: Grant | None, scope: str, policy: PolicyTable) -> str:
    if grant is None:
        return _("is permitted")
    how = _("was told on {day} and did not object") if grant.basis is Basis.NOTICE else _("said yes on {day}")
    told = _("is permitted: {how}").format(how=how.format(day=f"{grant.given_at:%Y-%m-%d}"))
    ends = lapses_at(grant, scope, policy)
    return told + (_("; holds until {day}").format(day=f"{ends:%Y-%m-%d}") if ends else "")
