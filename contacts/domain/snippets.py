"""Snippets: a sign-up form as plain HTML for another site: no script, no style, nothing loaded from anywhere."""

from collections.abc import Sequence
from html import escape

from contacts.domain.wordings import Line


def snippet(action: str, title: str, lines: Sequence[Line], *, address: str, choose: str, button: str) -> str:
    """The form; what it does not ask for is asked on our own page, which it leads to.

    `address`, `choose` and `button` are the words of the label, of the legend and of the button, in the form's
    language.
    """
    topics = _ticks(lines, choose) if len(lines) > 1 else [_hidden(line) for line in lines]
    return "\n".join(
        [
            f'<form action="{escape(action)}" method="post">',
            f"  <p>{escape(title)}</p>",
            f"  <p><label>{escape(address)}<br>",
            '    <input type="email" name="address" autocomplete="email" required></label></p>',
            *topics,
            f"  <p><button>{escape(button)}</button></p>",
            "</form>",
            "",
        ]
    )


def _ticks(lines: Sequence[Line], choose: str) -> list[str]:
    ticks = [
        f'    <label><input type="checkbox" name="topic" value="{escape(line.scope)}"> {escape(line.title)}</label><br>'
        for line in lines
    ]
    return ["  <fieldset>", f"    <legend>{escape(choose)}</legend>", *ticks, "  </fieldset>"]


def _hidden(line: Line) -> str:
    return f'  <input type="hidden" name="topic" value="{escape(line.scope)}">'
