"""Puts one small fault after another into the rules and the gate, and tells which of them no test notices.

    python bench/mutants.py                     everything in SELECTIONS
    python bench/mutants.py scopes gate         these modules
    python bench/mutants.py --stages=1 gate     with the nearest tests alone, for a quick look

Each mutant lives in a forked process of its own that loads the changed module from memory: no file is ever written to.
The tests of its line in SELECTIONS run on it until one fails; who survives the first selection meets the second.
What is left is printed as file:line with the change, unless `mutants_argued.txt` says why it changes nothing.
"""

import importlib.abc
import importlib.util
import io
import json
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FunctionType, ModuleType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pytest  # noqa: E402 - found only now

from bench.mutators import Mutant, mutants  # noqa: E402 - found only now

DOMAIN, STORAGE = "tests/contacts/domain", "tests/contacts/storage"
RULES = (
    "scopes", "facts", "permission", "policy", "lifting", "verdicts", "stopping", "carrying", "intake", "choosing",
    "reopening", "undoing", "quiet_hours", "import_modes", "reasoning", "reckoning", "case_kinds", "signup_limits",
    "ages", "age_screens", "anchors", "chain_faults", "limit_words", "matching", "opt_out_lists", "partnerships",
)  # fmt: skip
PERMISSION_TESTS = [
    f"{DOMAIN}/test_{name}.py" for name in ("permission", "lifting", "carrying", "choosing", "reopening")
]
PERMISSION_TESTS = [
    f"{DOMAIN}/test_{name}.py" for name in ("permission", "lifting", "carrying", "choosing", "reopening")
]
Selection = tuple[str, list[list[str]]]
"""A module, and the tests that run on its mutants: the next ones only where the ones before notice nothing."""


def rules(name: str) -> Selection:
    """A module of rules: its own tests, then those of its neighbours, then all that ask it by a database."""
    own = f"{DOMAIN}/test_{name}.py"
    first = [own] if (ROOT / own).exists() else []
    first += [f"{DOMAIN}/test_standing_exactly.py"]
    return f"contacts/domain/{name}.py", [first, PERMISSION_TESTS, [DOMAIN], ["tests/contacts/services", STORAGE]]


def gate(name: str) -> Selection:
    """A part of the gate's SQL: the tests that hold it to the pure rule, then all that ask it."""
    nearest = [[f"{STORAGE}/test_{each}.py"] for each in ("gate_exactly", "limits", "gate")]
    return f"contacts/storage/{name}.py", [*nearest, [STORAGE, "tests/campaigns", "tests/contacts/services"]]


SELECTIONS = {name: rules(name) for name in RULES} | {name: gate(name) for name in ("gate", "limits", "house_rules")}
ARGUED = Path(__file__).with_name("mutants_argued.txt")
IGNORED = "ignore::pytest.PytestAssertRewriteWarning"
NOTHING_TO_RUN = 5
"""What pytest ends with where a selection has no test."""
STAGES = next((int(each.removeprefix("--stages=")) for each in sys.argv if each.startswith("--stages=")), None)
"""How many of a module's selections are run: `--stages=1` is for a quick look."""
MOST_MEMORY = 3 << 30
"""Bytes: a loop that a mutant makes endless must not take the machine's."""
SECONDS = 240
"""After so long a mutant counts as noticed: it hangs."""


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a changed source."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Answer for the changed module alone."""
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed source."""
        module.__file__ = str(self.path)
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)


def notices(file: str, mutant: Mutant, tests: list[str], *, only_sqlite: bool) -> bool:
    """Whether one of these tests fails with the mutant in place."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(SECONDS)
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            code = _live(file, mutant, tests, only_sqlite=only_sqlite)
        finally:
            sys.stdout.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return status != 0


def _live(file: str, mutant: Mutant, tests: list[str], *, only_sqlite: bool) -> int:
    name = file.removesuffix(".py").replace("/", ".")
    if not (mutant.place and exchanged(name, mutant)):
        forget_ours()
        sys.meta_path.insert(0, Changed(name, ROOT / file, mutant.source))
    options = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--assert=plain", "-W", IGNORED]
    if only_sqlite:
        options += ["-k", "not postgresql"]
    there = [each for each in tests if (ROOT / each).exists()]
    said = io.StringIO()
    try:
        with redirect_stdout(said if mutant.line else sys.stdout), redirect_stderr(said):
            return int(pytest.main([*options, *there])) % NOTHING_TO_RUN if there else 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, the mutant was noticed
        print(repr(error), file=sys.stdout if not mutant.line else said)
        return 1


def survivors(name: str, argued: set[str], counts: Counter[str]) -> list[str]:
    """The mutants of a module that nothing notices and nobody argued, as lines to print."""
    file, stages = SELECTIONS[name]
    found: list[str] = []
    source = (ROOT / file).read_text(encoding="utf-8")
    if notices(file, Mutant(0, "", "", "", source), stages[0], only_sqlite=True):
        sys.exit(f"{file}: its tests fail without any mutant")
    for mutant in mutants(source):
        counts["mutants"] += 1
        told = f"{name} | {mutant.place} | {mutant.before} → {mutant.after}"
        if told in argued:
            counts["argued"] += 1
        elif _noticed(file, mutant, stages):
            counts["killed"] += 1
        else:
            found.append(f"{file}:{mutant.line} | {told}")
            print(found[-1], flush=True)
    return found


def _noticed(file: str, mutant: Mutant, stages: list[list[str]]) -> bool:
    """On SQLite; what nothing notices there meets everything on both databases."""
    if any(notices(file, mutant, tests, only_sqlite=True) for tests in stages[:STAGES]):
        return True
    return STAGES is None and notices(file, mutant, stages[-1], only_sqlite=False)


def argued_mutants() -> set[str]:
    """What changes nothing, as a person found who looked at it; the reason stands on the line below."""
    lines = ARGUED.read_text(encoding="utf-8").splitlines() if ARGUED.exists() else []
    return {line for line in lines if " → " in line and not line.startswith((" ", "#"))}


def exchanged(name: str, mutant: Mutant) -> bool:
    """Give a function that is loaded already its changed code; False where only loading everything anew will do."""
    changed: dict[str, object] = {"__name__": name}
    loaded = sys.modules[name]
    exec(compile(mutant.source, name, "exec"), changed)
    path = mutant.place.split(".")
    old, new = (_function(owner, path) for owner in (loaded.__dict__, changed))
    if old is None or new is None or old.__code__ == new.__code__ or new.__code__.co_freevars:
        return False
    old.__code__ = new.__code__
    return True


def _function(owner: Mapping[str, object], path: Sequence[str]) -> FunctionType | None:
    """The function or method of a module that a place is in."""
    found = owner.get(path[0])
    if isinstance(found, type) and len(path) > 1:
        return _function(vars(found), path[1:])
    found = getattr(found, "fget", None) or getattr(found, "__wrapped__", None) or found
    return found if isinstance(found, FunctionType) else None


def preload() -> None:
    """Load everything once, so that most mutants find it there."""
    import app  # noqa: F401, PLC0415 - found only after sys.path
    import tests.conftest  # noqa: F401, PLC0415 - the same

    for file, _ in SELECTIONS.values():
        importlib.import_module(file.removesuffix(".py").replace("/", "."))


def forget_ours() -> None:
    """Let our own modules be loaded anew, as a fault that lies outside of functions asks for."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        ours = name.partition(".")[0] in OURS
        if ours and (not file or Path(file).is_relative_to(ROOT)):
            del sys.modules[name]


OURS = frozenset({"app", "core", "contacts", "campaigns", "surveys", "tests", "commands", "manage"})


def main() -> None:
    os.chdir(ROOT)
    os.environ["CI"] = "mutants"  # hypothesis then tries the same examples each time
    preload()
    names = [each for each in sys.argv[1:] if not each.startswith("--")] or list(SELECTIONS)
    counts: Counter[str] = Counter(mutants=0, killed=0, argued=0)
    began, argued = time.monotonic(), argued_mutants()
    left = [line for name in names for line in survivors(name, argued, counts)]
    spent = round(time.monotonic() - began)
    print(json.dumps({"bench": "mutants", **counts, "survived": len(left), "seconds": spent, "modules": names}))
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
