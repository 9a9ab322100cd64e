"""The encoding of a table is found, or the person who brings it is asked; nothing is read wrongly in silence."""

import codecs
import gzip
import io
import tracemalloc
import zipfile

import pytest

from contacts.domain.charsets import LONGEST_LINE, detect_encoding, known_encoding, pieces
from core.errors import BadInput

GERMAN = "email;Name\nanna@example.org;Jörg Müller-Lüdenscheidt\nb@example.org;Käthe Groß\n"
FRENCH = "email,prénom\nzoe@example.org,Zoé\nfrancois@example.org,François\n"
JAPANESE = "メール,氏名\ntaro@example.org,山田 太郎\nhanako@example.org,鈴木 花子\n"
HALF_WIDTH = "email,name\ntaro@example.org,ﾔﾏﾀﾞ ﾀﾛｳ\nhanako@example.org,ｽｽﾞｷ ﾊﾅｺ\n"
RUSSIAN = "email,имя\nivan@example.org,Иван Петрович\nolga@example.org,Ольга Сергеевна\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (GERMAN.encode(), "utf-8"),
        (b"email\na@example.org\n", "utf-8"),
        (GERMAN.encode("utf-8-sig"), "utf-8"),
        (GERMAN.encode("latin-1"), "cp1252"),
        (FRENCH.encode("cp1252"), "cp1252"),
        ("email,price\na@example.org,5 €\n".encode("cp1252"), "cp1252"),
        (GERMAN.encode("utf-16"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be"), "utf-16-be"),
        (GERMAN.encode("utf-16-le"), "utf-16-le"),
        (JAPANESE.encode("utf-16-be"), "utf-16-be"),
        (GERMAN.encode("utf-32"), "utf-32-le"),
        (codecs.BOM_UTF32_BE + GERMAN.encode("utf-32-be"), "utf-32-be"),
        (JAPANESE.encode("cp932"), "cp932"),
        (HALF_WIDTH.encode("cp932"), "cp932"),
        (JAPANESE.encode(), "utf-8"),
        (RUSSIAN.encode(), "utf-8"),
        (GERMAN.encode() * 3 + GERMAN.encode("latin-1"), "utf-8"),
        (b"email,name\n" + "jaeger@example.org,Jäger\n".encode("latin-1") * 40, "cp1252"),
    ],
)
def test_an_encoding_is_found(data, encoding):
    assert detect_encoding(io.BytesIO(data)) == encoding


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\r\n", "is empty"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (gzip.compress(b"email\n", mtime=0), "a compressed file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old spreadsheet"),
        (bytes(range(256)) * 20, "not a table of text"),
        (RUSSIAN.encode("cp1251"), "cannot be told"),
        (JAPANESE.encode("euc_jp"), "cannot be told"),
        ("email,name\naiko@example.org,あいこ\n".encode("euc_jp"), "cannot be told"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(data, said):
    with pytest.raises(BadInput, match=said) as refusal:
        detect_encoding(io.BytesIO(data))
    assert refusal.value.remedy


def test_a_spreadsheet_is_refused_with_advice_to_save_it_as_csv():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as sheet:
        sheet.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(BadInput, match="spreadsheet") as refusal:
        detect_encoding(archive)
    assert "CSV" in str(refusal.value)


def test_a_wrong_byte_late_in_a_large_file_does_not_change_its_encoding():
    good = "jörg@example.org,Jörg\n".encode()
    assert detect_encoding(io.BytesIO(good * 100_000 + b"j\xf6rg\n")) == "utf-8"


@pytest.mark.parametrize(
    ("name", "data", "known"),
    [
        ("UTF8", b"", "utf-8"),
        ("utf-8-sig", b"", "utf-8"),
        ("windows-1251", b"", "cp1251"),
        ("shift-jis", b"", "shift_jis"),
        ("UTF-16", b"", "utf-16-le"),
        ("UTF-16", codecs.BOM_UTF16_BE + b"\0a", "utf-16-be"),
        ("utf-32", b"", "utf-32-le"),
    ],
)
def test_an_encoding_can_be_named(name, data, known):
    assert known_encoding(name, io.BytesIO(data)) == known


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "", "punycode", "idna", "undefined"])
def test_an_unknown_encoding_is_refused(name):
    with pytest.raises(BadInput, match="no encoding"):
        known_encoding(name, io.BytesIO())


def test_lines_are_cut_at_their_break_whatever_the_chunks():
    text = "ab\ncd\n\nef"
    for size in range(1, len(text) + 1):
        chunks = [text[at : at + size] for at in range(0, len(text), size)]
        assert list(pieces(chunks, "\n")) == ["ab\n", "cd\n", "\n", "ef"]


def test_a_line_without_end_takes_no_more_memory_than_a_long_line():
    tracemalloc.start()
    lines = list(pieces((b"x" * 65_536 for _ in range(800)), b"\n"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(lines) == 1
    assert LONGEST_LINE < len(lines[0]) < 2 * LONGEST_LINE
    assert peak < 8 * LONGEST_LINE


def test_the_lines_after_a_line_that_is_too_long_are_read():
    chunks = [b"a\n" + b"x" * (LONGEST_LINE + 1), b"x" * 10, b"xx\nb\nc"]
    assert [line[:2] for line in pieces(chunks, b"\n")] == [b"a\n", b"xx", b"b\n", b"c"]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04", "a spreadsheet or a ZIP archive"),
        (b"\xd0\xcf\x11\xe0", "an old spreadsheet"),
        (b"%PDF", "a PDF document"),
        (b"\x1f\x8b", "a compressed file"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"SQLite format 3", "a database"),
    ],
)
def test_a_file_of_another_kind_is_known_by_how_it_begins(start, kind):
    with pytest.raises(BadInput, match=f"This is {kind}"):
        detect_encoding(io.BytesIO(start + b" and so on"))


def detected(data: bytes) -> str:
    """The encoding, of a file that somebody has read from before."""
    stream = io.BytesIO(data)
    stream.seek(len(data) // 2)
    return detect_encoding(stream)


def test_one_control_character_in_twenty_is_still_a_text():
    assert detected(b"a" * 19 + b"\x01") == "utf-8"
    with pytest.raises(BadInput, match="not a table of text"):
        detected(b"a" * 18 + b"\x01\x02")


def test_utf_16_without_a_mark_needs_more_than_a_tenth_of_zeros_on_one_side_alone():
    assert detected(b"a" * 19 + b"\0") == "utf-8"
    assert detected(b"a" * 16 + b"\0a\0a") == "utf-16-be"
    assert detected(b"a" * 17 + b"\0a\0") == "utf-16-le"
    assert detected(b"a\0b\0c") == "utf-16-le"
    assert detected(b"a") == "utf-8"
    with pytest.raises(BadInput, match="not a table of text"):
        detected(b"a\0" * 99 + b"\0\0")


def test_as_many_good_lines_as_bad_ones_are_utf_8():
    assert detected("Jörg\n".encode() + b"J\xf6rg\n") == "utf-8"
    assert detected("Jörg\n".encode() + b"J\xf6rg\n" * 2) == "cp1252"


def test_half_of_the_letters_in_long_runs_can_still_be_western():
    assert detected(b"\xe4\xe5\xe6 \xe4 \xe4 \xe4\n") == "cp1252"
    with pytest.raises(BadInput, match="cannot be told"):
        detected(b"\xe4\xe5\xe6 \xe4 \xe4\n")


def test_one_bad_line_in_ten_is_still_japanese():
    good, bad = "山田 太郎\n".encode("cp932"), b"\x81 \n"
    assert detected(good * 9 + bad) == "cp932"
    with pytest.raises(BadInput, match="cannot be told"):
        detected(good * 8 + bad)


def test_lonely_signs_are_no_japanese():
    assert detected("山田 山 田\n".encode("cp932")) == "cp1252"
    assert detected("山田 山\n".encode("cp932")) == "cp932"
    assert detected(b"\xb1x \xb2y\n") == "cp1252"
    assert detected("ﾔﾏﾀ\nｽｽ\n".encode("cp932")) == "cp932"
    assert detected("ｽｽ ｽｽ\n".encode("cp932")) == "cp1252"


def test_a_mark_is_looked_for_at_the_beginning():
    stream = io.BytesIO(codecs.BOM_UTF16_BE + b"\0a")
    stream.seek(2)
    assert known_encoding("UTF-16", stream) == "utf-16-be"


def test_a_line_may_be_as_long_as_the_limit():
    chunks = [b"x" * LONGEST_LINE, b"y\nb"]
    assert [len(line) for line in pieces(chunks, b"\n")] == [LONGEST_LINE + 2, 1]


def test_a_mark_decides_even_where_nothing_else_does():
    assert detected(codecs.BOM_UTF8 + b"J\xf6rg\n" * 3) == "utf-8"
    assert detected(codecs.BOM_UTF16_LE + "山田".encode("utf-16-le")) == "utf-16-le"


def test_an_end_in_the_middle_of_a_letter_is_a_fault_of_its_line():
    assert detected(b"a\n" + "Jörg".encode() + b"\xc3") == "cp1252"
    assert detected(b"a\0" * 10 + b"\0") == "utf-16-le"


def test_as_many_half_wide_signs_as_others_are_weighed_as_japanese():
    assert detected(b"\xe0\xa1\xe0\xa2\xb1\xb2\n") == "cp932"
