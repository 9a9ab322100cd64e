"""The house rules that no linter knows: doors, names, commits, sizes, and who speaks SMTP."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "contacts", "campaigns", "surveys", "commands")
DOORS = ("app.py", "manage.py", "scheduler.py", "sender.py")
BATCH_LOOPS = (
    "contacts/services/import_contacts.py",
    "contacts/services/import_hashes.py",
    "contacts/services/edit_contacts.py",
    "contacts/services/finish_erasures.py",
    "contacts/services/share_with_partner.py",
    "campaigns/sending/books.py",
    "campaigns/sending/vigils.py",
    "campaigns/web/click_keeping.py",
    "core/web/shared_places.py",
)
SMTP = "campaigns/mail/smtp.py"
MOST_LINES = 300
MOST_FUNCTION_LINES = 40


def sources(*tops: str) -> Iterator[Path]:
    for top in tops:
        place = ROOT / top
        yield from [place] if place.is_file() else sorted(place.rglob("*.py"))


PRODUCT = list(sources(*PACKAGES, *DOORS))
EVERYTHING = [*PRODUCT, *sources("tests", "bench", "demo", "migrations")]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def called_methods(path: Path) -> set[str]:
    calls = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return {call.attr for call in calls if isinstance(call, ast.Attribute)}


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_nothing_imports_a_door(path: Path):
    doors = {Path(door).stem for door in DOORS}
    assert not {each.split(".")[0] for each in imports(path)} & doors


def test_no_module_name_is_used_twice():
    names = Counter(path.name for path in PRODUCT if path.name != "__init__.py")
    assert {each: count for each, count in names.items() if count > 1} == {}


@pytest.mark.parametrize("path", [path for path in PRODUCT if name(path).startswith(PACKAGES)], ids=name)
def test_only_doors_and_batch_loops_commit(path: Path):
    if name(path).startswith(("commands/", "core/database.py", "core/schema.py", "core/holding.py")):
        return
    if name(path) not in BATCH_LOOPS:
        assert not called_methods(path) & {"commit", "writing", "begin"}


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_g3_only_one_module_speaks_smtp(path: Path):
    if name(path) != SMTP:
        assert not {"aiosmtplib", "smtplib"} & {each.split(".")[0] for each in imports(path)}


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_only_the_clock_reads_the_time(path: Path):
    if name(path) == "core/clock.py":
        return
    reads = {
        f"{node.func.value.id}.{node.func.attr}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    }
    assert not reads & {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_no_file_is_longer_than_it_can_be_read(path: Path):
    if "versions" not in path.parts:
        assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_no_function_is_longer_than_a_page(path: Path):
    if "versions" in path.parts:
        return
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < MOST_FUNCTION_LINES, f"{node.name} in line {node.lineno}"


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_every_module_says_in_one_line_what_it_is_for(path: Path):
    said = ast.get_docstring(tree(path))
    assert said or not path.read_text().strip()
