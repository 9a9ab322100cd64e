"""The house rules that no linter knows: doors, names, commits, sizes, and who speaks SMTP."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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
WRITTEN_BY_ALEMBIC = ("migrations/versions/",)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def sources(*tops: str) -> Iterator[Path]:
    for top in tops:
        place = ROOT / top
        yield from [place] if place.is_file() else sorted(place.rglob("*.py"))


PRODUCT = list(sources(*PACKAGES, *DOORS))
EVERYTHING = [*PRODUCT, *sources("tests", "bench", "demo", "migrations")]


@dataclass(frozen=True)
class Facts:
    """What the rules ask of a file: each is read once, and no tree of it is kept."""

    lines: int
    says: bool
    imports: frozenset[str]
    methods: frozenset[str]
    reads: frozenset[str]
    long: tuple[str, ...]


@cache
def facts(path: Path) -> Facts:
    text = path.read_text()
    tree = ast.parse(text, str(path))
    nodes = list(ast.walk(tree))
    calls = [node.func for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return Facts(
        len(text.splitlines()),
        bool(ast.get_docstring(tree)) or not text.strip(),
        frozenset(imported(nodes)),
        frozenset(call.attr for call in calls),
        frozenset(f"{call.value.id}.{call.attr}" for call in calls if isinstance(call.value, ast.Name)),
        tuple(each.name for each in nodes if isinstance(each, FUNCTIONS) and lines_of(each) > MOST_FUNCTION_LINES),
    )


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def imports(path: Path) -> frozenset[str]:
    return facts(path).imports


def tops(path: Path) -> set[str]:
    return {each.split(".")[0] for each in imports(path)}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def faults(paths: Iterable[Path], look: Callable[[Path], Any], but: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a look finds, by the file it is found in; not in those that may."""
    return {name(path): found for path in paths if not name(path).startswith(but) and (found := look(path))}


def test_nothing_imports_a_door():
    doors = {Path(door).stem for door in DOORS}
    assert faults(PRODUCT, lambda path: tops(path) & doors) == {}


def test_no_module_name_is_used_twice():
    names = Counter(path.name for path in PRODUCT if path.name != "__init__.py")
    assert {each: count for each, count in names.items() if count > 1} == {}


def test_only_doors_and_batch_loops_commit():
    may = (*BATCH_LOOPS, *DOORS, "commands/", "core/database.py", "core/schema.py", "core/holding.py")
    assert faults(PRODUCT, lambda path: facts(path).methods & {"commit", "writing", "begin"}, but=may) == {}


def test_g3_only_one_module_speaks_smtp():
    assert faults(PRODUCT, lambda path: tops(path) & {"aiosmtplib", "smtplib"}, but=(SMTP,)) == {}


def test_only_the_clock_reads_the_time():
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    assert faults(PRODUCT, lambda path: facts(path).reads & clocks, but=("core/clock.py",)) == {}


def test_no_file_is_longer_than_it_can_be_read():
    assert faults(EVERYTHING, lambda path: facts(path).lines > MOST_LINES, but=WRITTEN_BY_ALEMBIC) == {}


def test_no_function_is_longer_than_a_page():
    assert faults(EVERYTHING, lambda path: facts(path).long, but=WRITTEN_BY_ALEMBIC) == {}


def test_every_module_says_in_one_line_what_it_is_for():
    assert faults(PRODUCT, lambda path: not facts(path).says) == {}
