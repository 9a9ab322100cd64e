"""The words of XLSForm: types with the old ways to write them, headings of columns, names and ${references}."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ALIKE = {
    "text": "text|string|q string|add text prompt|barcode|q barcode|add barcode prompt|phone number",
    "integer": (
        "integer|int|q int|add integer prompt|percentage|number of days in last month|number of days in last six months"
        "|number of days in last year"
    ),
    "decimal": "decimal|q decimal|add decimal prompt",
    "date": "date|q date|add date prompt",
    "time": "time",
    "datetime": "dateTime|datetime|date time|q dateTime|q date time|add dateTime prompt|add date time prompt",
    "note": "note|q note|add note prompt",
    "acknowledge": "acknowledge|trigger|q acknowledge|add acknowledge prompt",
    "file": "image|photo|q image|q picture|add image prompt|add photo prompt|file|add file prompt",
    "sound": "audio|video|q audio|q video|add audio prompt|add video prompt",
    "place": (
        "geopoint|geoshape|geotrace|gps|location|q geopoint|q geoshape|q geotrace|q location|add location prompt"
    ),
    "range": "range",
    "osm": "osm",
    "calculate": "calculate|q calculate|add calculate prompt",
    "silent": (
        "start|end|today|deviceid|phonenumber|username|email|simserial|subscriberid|imei|hidden|audit|start-geopoint"
        "|background-audio|background-geopoint|xml-external|csv-external|start time|end time|get start time"
        "|get end time|get today|device id|get device id|sim id|get sim id|subscriber id|get subscriber id"
        "|get phone number|uri:deviceid|uri:phonenumber|uri:simserial|uri:subscriberid|uri:username|uri:email"
    ),
    "setting": "form_title|set_form_title|form_id|set_form_id|prefix",
}
_TYPES = {name: word for word, names in _ALIKE.items() for name in names.split("|")}
_LISTED = {
    "select_one": "select_one|select one|select one from|select1|add select one prompt using",
    "select_multiple": (
        "select_multiple|select all that apply|select all that apply from|add select multiple prompt using"
    ),
    "rank": "rank",
    "select_one_from_file": "select_one_from_file|select one from file",
    "select_multiple_from_file": "select_multiple_from_file|select multiple from file",
    "select_one_external": "select_one_external",
}
_LISTS = {name: word for word, names in _LISTED.items() for name in names.split("|")}
_LIST = re.compile(
    rf"({'|'.join(sorted(_LISTS, key=len, reverse=True))}) (\S+)(?: (or_other|or other|or specify other))?"
)
_FRAMES = {"group": "group", "repeat": "repeat", "lgroup": "repeat", "looped group": "repeat", "loop": "loop"}
_FRAME = re.compile(rf"(begin|end)[ _]({'|'.join(_FRAMES)})(?: (?:over )?(\S+))?")
_OSM = re.compile(r"osm (\S+)")

REFERENCE = re.compile(r"\$\{(?P<name>[^}]+)\}|\$\{[^}]*$")
_NAME = re.compile(r"[^\W\d][\w.\-]*")
_HEADINGS = {
    "caption": "label", "command": "type", "tag": "name", "value": "name", "list_name": "list_name",
    "relevance": "relevant", "bind::relevant": "relevant", "bind::required": "required", "readonly": "read_only",
    "bind::readonly": "read_only", "bind::constraint": "constraint", "bind::jr:constraintmsg": "constraint_message",
    "constraining_message": "constraint_message", "calculate": "calculation", "bind::calculate": "calculation",
    "control::appearance": "appearance", "body::appearance": "appearance", "requiredmsg": "required_message",
    "count": "repeat_count", "jr:count": "repeat_count", "media::image": "image", "media::audio": "audio",
    "media::video": "video", "media::big-image": "big-image",
}  # fmt: skip
_TRANSLATED = frozenset({"label", "hint", "guidance_hint", "image", "big-image", "audio", "video"})
_LEFT_ALONE = frozenset({"#"})


@dataclass(frozen=True, slots=True)
class Type:
    """What stands under “type”: one word for it; `about` is its list of choices, or what begins or ends."""

    word: str
    about: str = ""
    other: bool = False
    over: str = ""


def type_of(written: str) -> Type | None:
    """The type of a row; None where XLSForm knows none of that name, in this case of letters."""
    if match := _FRAME.fullmatch(written):
        return Type(match[1], _FRAMES[match[2]], over=match[3] or "") if match[1] == "begin" or not match[3] else None
    if match := _LIST.fullmatch(written):
        return Type(_LISTS[match[1]], match[2], other=bool(match[3]))
    if match := _OSM.fullmatch(written):
        return Type("osm", match[1])
    word = _TYPES.get(written)
    return Type(word) if word else None


def is_name(text: str) -> bool:
    """Whether a text can name an element of XML, a prefix allowed."""
    return bool(text) and text.count(":") <= 1 and all(_NAME.fullmatch(part) for part in text.split(":"))


def known_headings(rows: Sequence[Mapping[str, str]]) -> tuple[list[dict[str, str]], list[str]]:
    """The rows under headings as they are written today, and headings that say the same as one before them."""
    written = list(dict.fromkeys(heading for row in rows for heading in row))
    said = {heading: _heading(heading) for heading in written}
    twice = [heading for at, heading in enumerate(written) if said[heading] in {said[each] for each in written[:at]}]
    found = [{said[heading]: text for heading, text in reversed(list(row.items()))} for row in rows]
    return found, twice


def _heading(written: str) -> str:
    if written in _LEFT_ALONE:
        return written
    first, *rest = [part.strip() for part in written.split("::" if "::" in written else ":")]
    plain = "_".join(first.lower().split())
    joined = "::".join([plain, *(part.lower() for part in rest)])
    if whole := _HEADINGS.get("_".join(written.lower().split())) or _HEADINGS.get(joined):
        return whole
    plain = _HEADINGS.get(plain, plain)
    if plain == "media" and rest:
        plain, rest = rest[0].lower(), rest[1:]
    return "::".join([plain, *rest]) if plain in _TRANSLATED or not rest else written
