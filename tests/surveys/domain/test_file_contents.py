"""Files judged from their first byte to their last: whole ones of each type, and all sorts that only pretend."""

import pytest

from surveys.domain import packed_contents
from surveys.domain.file_contents import TYPES, is_whole
from tests.surveys.domain.sound_files import GIF, PLAIN, ZIPPED, chunk, sound, zipped

PNG = sound("png")
WORDS = ZIPPED["docx"]
PRETENDING = {
    "png cut off": ("png", PNG[:-1]), "png with a page behind": ("png", PNG + b"<html>"),
    "png with a wrong checksum": ("png", PNG[:30] + b"\x01" + PNG[31:]), "png of one chunk": ("png", PNG[:33]),
    "png that begins in the middle": ("png", PNG[:8] + chunk(b"IDAT", b"") + PNG[33:]),
    "png with an endless chunk": ("png", PNG[:33] + b"\x7f" + PNG[34:]),
    "jpeg without an end": ("jpeg", PLAIN["jpeg"][:-1]), "jpeg that never scans": ("jpeg", PLAIN["jpeg"][:10]),
    "jpeg of other segments": ("jpeg", b"\xff\xd8\xff\xe0\0\2words"), "words as jpeg": ("jpeg", b"words"),
    "gif without an end": ("gif", GIF), "gif with a page behind": ("gif", PLAIN["gif"] + b"words"),
    "gif of no blocks": ("gif", b"GIF89a" + bytes(20)), "words as gif": ("gif", b"words" * 9),
    "gif and script": ("gif", b"GIF89a/*" + PLAIN["gif"][8:] + b"*/=1;alert(1)"),
    "pdf without an end": ("pdf", b"%PDF-1.7"), "pdf behind a page": ("pdf", b"<html>" + PLAIN["pdf"]),
    "pdf around a page": ("pdf", b"%PDF-1.7 <SCRIPT src=x> startxref 9 %%EOF"),
    "pdf with a script": ("pdf", b"%PDF-1.7 /S /JavaScript /JS (x) startxref 9 %%EOF"),
    "pdf that starts a program": ("pdf", b"%PDF-1.7 /S /Launch startxref 9 %%EOF"),
    "wav of another length": ("wav", PLAIN["wav"] + b"words"), "film as wav": ("wav", b"RIFF\4\0\0\0AVI "),
    "flac of nothing": ("flac", b"fLaC"), "mp3 of words": ("mp3", b"ID3\4\0\0\0\0\0\2words"),
    "mp3 without a rate": ("mp3", b"\xff\xfb\xf0\0"), "words in other letters": ("text", b"\xff\xfe"),
    "words with bells": ("text", b"a\x07"), "words with a nought": ("text", b"a\0"),
    "page as words": ("text", b" <!DOCTYPE html>"),
    "words as zip": ("zip", b"words"), "zip cut off": ("zip", sound("zip")[:-9]),
    "zip of nothing": ("zip", zipped({})), "zip that climbs out": ("zip", zipped({"../a": ""})),
    "zip from the root": ("zip", zipped({"/etc/a": ""})), "zip of a drive": ("zip", zipped({"C:\\a": ""})),
    "macros in a zip": ("zip", zipped({"xl/vbaProject.bin": ""})), "zip as docx": ("docx", sound("zip")),
    "macros in docx": ("docx", zipped(WORDS | {"word/vbaProject.bin": ""})),
    "docx as xlsx": ("xlsx", sound("docx")), "odt as ods": ("ods", sound("odt")),
    "macros by type": ("docx", zipped({"[Content_Types].xml": WORDS["[Content_Types].xml"] + "macroEnabled"})),
    "macros in odt": ("odt", zipped(ZIPPED["odt"] | {"Basic/script-lb.xml": ""})),
    "locked zip": ("zip", sound("zip").replace(b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1")),
}  # fmt: skip


def test_a_whole_file_of_each_type_is_taken_for_what_it_is_alone():
    for kind in TYPES:
        assert is_whole(kind, sound(kind))
        taken = {each for each in TYPES if is_whole(each, sound(kind))}
        assert taken - {"zip" if kind in ZIPPED else "text"} == {kind} - {"zip", "text"}, kind
    assert is_whole("mp3", b"\xff\xfb\x90\0")


@pytest.mark.parametrize("name", PRETENDING)
def test_a_file_that_only_begins_like_its_type_is_refused(name: str):
    kind, content = PRETENDING[name]
    assert not is_whole(kind, content)


def test_a_zip_that_would_grow_too_large_is_not_unpacked(monkeypatch):
    bomb = zipped({"a": "0" * 100_000})
    assert len(bomb) < 1000
    assert is_whole("zip", bomb)
    monkeypatch.setattr(packed_contents, "LARGEST_UNPACKED", 99_999)
    assert not is_whole("zip", bomb)
