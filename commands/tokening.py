"""`heedful token`: how other programs get into the API, and out of it again."""

import click
from sqlalchemy.orm import Session

from commands.terminal import json_option, report, terminal
from core.api_tokens import all_tokens, make_token, revoke_token
from core.clock import now
from core.errors import BadInput
from core.operators import Operator, Role, operators


@click.group()
def token() -> None:
    """Tokens of other programs: each reaches as far as its role, and is shown once.

    Example: heedful token add "web shop" --role editor
    """


@token.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.EDITOR.value, show_default=True)
@click.option("--by", "maker", help="The admin who makes it; the only one if left out.")
@json_option
def add(name: str, role: str, maker: str | None, *, as_json: bool) -> None:
    """Make a token for a program, and print it: only a digest of it is kept.

    Example: heedful token add "web shop" --role editor
    """
    with terminal() as opened, opened.database.writing() as session:
        written = make_token(session, name, Role(role), made_by=_admin(session, maker).id, at=now())
    report({"token": written, "role": role}, as_json=as_json, title="Copy it now; it is not shown again:")


@token.command("list")
@json_option
def show(*, as_json: bool) -> None:
    """List every token there ever was, the newest first.

    Example: heedful token list
    """
    with terminal() as opened, opened.database.reading() as session:
        facts = {}
        for each in all_tokens(session):
            used = each.last_used_at.isoformat(timespec="minutes") if each.last_used_at else "never"
            facts[str(each.id)] = f"{each.name}, {each.role}, {'revoked' if each.revoked_at else f'last used {used}'}"
    report(facts, as_json=as_json)


@token.command("revoke")
@click.argument("number", type=int)
@json_option
def revoke(number: int, *, as_json: bool) -> None:
    """Revoke a token by its number: from the next request on it is nobody's.

    Example: heedful token revoke 3
    """
    with terminal() as opened, opened.database.writing() as session:
        revoke_token(session, number, at=now())
    report({"revoked": number}, as_json=as_json)


def _admin(session: Session, email: str | None) -> Operator:
    admins = [each for each in operators(session) if each.role == Role.ADMIN.value and not each.disabled_at]
    if email is not None:
        admins = [each for each in admins if each.email == email.strip().lower()]
    if len(admins) != 1:
        remedy = "Name an admin with --by; `heedful operator list` shows them."
        raise BadInput("It is not clear who makes this token.", field="--by", remedy=remedy)
    return admins[0]
