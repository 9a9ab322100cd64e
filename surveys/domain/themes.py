"""Colours of a survey's own: checked so that everybody can read them, and written as a style sheet."""

import re
from collections.abc import Iterator, Mapping

from core.language import gettext as _
from surveys.domain.questions import Flaw

TEXT = 4.5
SHAPE = 3.0
"""Least contrasts of text, and of the edges of fields (WCAG 2.2, success criteria 1.4.3 and 1.4.11)."""

DEFAULTS: Mapping[str, str] = {
    "paper": "#f7f9f8",
    "panel": "#ffffff",
    "ink": "#16201e",
    "soft": "#4d5b58",
    "line": "#d2dbd9",
    "edge": "#71827e",
    "accent": "#0b625c",
    "on_accent": "#ffffff",
    "wash": "#e5f1ef",
    "bad": "#9d2323",
    "focus": "#1657c4",
}
"""The colours of public pages by day; a survey with a theme has its own by day and by night alike."""

FONTS: Mapping[str, str] = {
    "sans": 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif',
    "serif": 'Charter, "Bitstream Charter", "Liberation Serif", Cambria, Georgia, serif',
}
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, ground, TEXT) for text in ("ink", "soft", "accent", "bad") for ground in ("paper", "panel", "wash")),
    ("on_accent", "accent", TEXT),
    *((shape, ground, SHAPE) for shape in ("edge", "accent", "focus") for ground in ("paper", "panel")),
)
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PACKED = re.compile(r"(sans|serif)((?:-[0-9a-f]{6}){11})")


def theme_faults(theme: Mapping[str, str]) -> Iterator[Flaw]:
    """What is wrong with a theme: keys and colours that mean nothing, and pairs that are hard to read."""
    known = [*DEFAULTS, "font"]
    for key, value in theme.items():
        if key not in known:
            yield _("There is no colour “{key}”.").format(key=key), _("Known: ") + ", ".join(known)
        elif key == "font" and value not in FONTS:
            yield _("There is no font “{font}”.").format(font=value), _("Known: ") + ", ".join(FONTS)
        elif key != "font" and not _COLOUR.fullmatch(value.lower()):
            yield _("“{value}” is no colour.").format(value=value), _("Write {key} = “#0b625c”.").format(key=key)
    colours = colours_of(theme)
    if all(_COLOUR.fullmatch(colour) for colour in colours.values()):
        yield from _unreadable(colours)


def _unreadable(colours: Mapping[str, str]) -> Iterator[Flaw]:
    for one, other, least in PAIRS:
        found = contrast(colours[one], colours[other])
        if found < least:
            message = _("“{one}” on “{other}” has a contrast of {found:.2f}; it needs {least}.")
            said = message.format(one=one, other=other, found=found, least=least)
            yield said, _("Make one of them darker or the other lighter.")


def colours_of(theme: Mapping[str, str]) -> dict[str, str]:
    """Every colour of a theme, in the order of `DEFAULTS`."""
    return {key: theme.get(key, default).lower() for key, default in DEFAULTS.items()}


def luminance(colour: str) -> float:
    """The relative luminance of #rrggbb, from 0 (black) to 1 (white) (WCAG 2.2, “relative luminance”)."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own figures


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def packed(theme: Mapping[str, str]) -> str:
    """A theme as a part of an address: its font and its colours, and nothing else; empty for none."""
    if not theme:
        return ""
    return "-".join([theme.get("font", "sans"), *(colour[1:] for colour in colours_of(theme).values())])


def style_sheet(written: str) -> str | None:
    """The style sheet of a packed theme; None for anything that is not one."""
    found = _PACKED.fullmatch(written)
    if found is None:
        return None
    colours = dict(zip(DEFAULTS, (f"#{each}" for each in found[2][1:].split("-")), strict=True))
    scheme = "dark" if luminance(colours["paper"]) < luminance(colours["ink"]) else "light"
    names = {**colours, "accent_strong": colours["accent"], "bad_wash": colours["panel"]}
    lines = "".join(f"  --{name.replace('_', '-')}: {colour};\n" for name, colour in names.items())
    return f":root {{\n  color-scheme: {scheme};\n{lines}}}\nbody {{ font-family: {FONTS[found[1]]}; }}\n"
