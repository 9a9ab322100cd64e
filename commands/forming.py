"""`heedful form`: sign-up forms from the terminal."""

import click

from commands.terminal import json_option, report, terminal
from contacts.domain.signup_drafts import SignupDraft
from contacts.services.save_signup_form import save_form
from contacts.storage.signup_forms import SignupForm, all_forms, form_named
from contacts.storage.signups import count_waiting
from contacts.web.signup_form_pages import snippet_for
from core.clock import now
from core.errors import BadInput, NotFound


@click.group()
def form() -> None:
    """Make and list the forms by which people sign up themselves.

    Example: heedful form add newsletter --title "Our newsletter" --wording "We write to you." --topic updates
    """


@form.command("add")
@click.argument("name")
@click.option("--title", required=True, help="What stands above the form.")
@click.option("--wording", required=True, help="What people agree to; their consent names it.")
@click.option("--topic", "topics", multiple=True, required=True, help="A topic, tracking, or sharing:<partner>.")
@click.option("--language", default="", help="Such as de; the house's own if left out.")
@json_option
def add(name: str, title: str, wording: str, topics: tuple[str, ...], language: str, *, as_json: bool) -> None:
    """Make a sign-up form; people find it at /join/NAME.

    Example: heedful form add newsletter --title "Our newsletter" --wording "We write to you." --topic updates
    """
    with terminal() as opened:
        with opened.database.writing() as session:
            saved = save_form(session, SignupDraft(name, title, wording, topics, language), at=now())
        if not isinstance(saved, SignupForm):
            field, said = next(iter(saved.items()))
            raise BadInput(said, field=field)
        facts = {"form": saved.name, "url": f"{opened.settings.base_url}/join/{saved.name}"}
    report(facts, as_json=as_json)


@form.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the sign-up forms, newest first, with how many asked, confirmed and wait.

    Example: heedful form list
    """
    with terminal() as opened, opened.database.reading() as session:
        waiting = count_waiting(session, at=now())
        facts = {
            each.name: f"{'open' if each.active else 'closed':<7} {', '.join(each.topics)}: "
            f"{each.asked} asked, {each.confirmed} confirmed, {waiting.get(each.id, 0)} waiting"
            for each in all_forms(session)
        }
    report(facts, as_json=as_json)


@form.command()
@click.argument("name")
def show(name: str) -> None:
    """Print the form as plain HTML for a site of your own.

    Example: heedful form show newsletter > newsletter.html
    """
    with terminal() as opened, opened.database.reading() as session:
        found = form_named(session, name)
        if found is None:
            raise NotFound(f"There is no sign-up form “{name}”.", remedy="`heedful form list` shows all names.")
        click.echo(snippet_for(session, found, opened.settings, at=now()), nl=False)
