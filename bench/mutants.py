"""Puts one small fault after another into the rules and the gate, and tells which of them no test notices.

    python bench/mutants.py                     everything in SELECTIONS
    python bench/mutants.py scopes gate         these modules
    python bench/mutants.py --stages=1 gate     with the nearest tests alone, for a quick look

No file is ever written to: each mutant lives in a forked process (`mutant_trials`). The tests of its line in
SELECTIONS run on it until one fails; who survives the first selection meets the second.
What is left is printed as file:line with the change, unless `mutants_argued.txt` says why it changes nothing.
"""

import gc
import importlib
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import hypothesis  # noqa: E402 - found only now

from bench.mutant_trials import trial  # noqa: E402 - found only now
from bench.mutators import mutants  # noqa: E402 - found only now

DOMAIN, STORAGE = "tests/contacts/domain", "tests/contacts/storage"
SLOW = {f"{DOMAIN}/test_address_shortcut.py", f"{DOMAIN}/test_addresses_anywhere.py"}
"""Seconds each: they come last."""
EXACT = ("test_figures", "test_standing_exactly")
"""Fast ones that hold several modules to the letter."""
RULES = sorted(each.stem for each in (ROOT / "contacts/domain").glob("*.py") if each.stem != "__init__")
GATE = ("gate", "gate_parts", "limits", "house_rules", "locks", "permits", "moments")
BESIDE = {"permits": ["tests/core/test_schema.py"], "gate": [f"{STORAGE}/test_judgements_exactly.py"]}
"""What holds a part of the gate as well, and stands elsewhere."""
Selection = tuple[str, list[list[str]]]
"""A module, and the tests that run on its mutants: the next ones only where the ones before notice nothing."""


def rules(name: str) -> Selection:
    """A module of rules: its own tests, those that name it, those of all rules, then all that ask it by a database."""
    tests = sorted({str(each.relative_to(ROOT)) for each in (ROOT / DOMAIN).glob("test_*.py")} - SLOW)
    near = [each for each in tests if f"contacts.domain.{name}" in _named(ROOT / each)]
    own = [each for each in near if Path(each).stem.startswith((f"test_{name}", *EXACT))]
    asking = ["-k", "not postgresql", "tests/contacts/services", STORAGE]
    return f"contacts/domain/{name}.py", [own, near, [*tests, *sorted(SLOW)], asking]


@cache
def _named(path: Path) -> set[str]:
    """The modules that a test file imports or has in its tables."""
    return set(re.findall(r"contacts\.domain\.\w+", path.read_text(encoding="utf-8")))


def gate(name: str) -> Selection:
    """A part of the gate's SQL: the tests that hold it to the pure rule, on both databases, then all that ask it."""
    own = [each for each in (f"{STORAGE}/test_{name}_exactly.py", *BESIDE.get(name, ())) if (ROOT / each).exists()]
    shared = [f"{STORAGE}/test_{each}.py" for each in ("gate_exactly", "limits", "gate", "gate_spellings")]
    nearest = list(dict.fromkeys([*own, *shared]))
    quick = [["-k", f"{kind} postgresql and not one_answer and not agree", *nearest] for kind in ("not", "")]
    asking = [STORAGE, "tests/campaigns", "tests/contacts/services"]
    return f"contacts/storage/{name}.py", [*quick, nearest, asking]


SELECTIONS = {name: rules(name) for name in RULES} | {name: gate(name) for name in GATE}
ARGUED = Path(__file__).with_name("mutants_argued.txt")
STAGES = next((int(each.removeprefix("--stages=")) for each in sys.argv if each.startswith("--stages=")), None)
"""How many of a module's selections are run: `--stages=1` is for a quick look."""


def survivors(name: str, argued: set[str], counts: Counter[str]) -> list[str]:
    """The mutants of a module that nothing notices and nobody argued, as lines to print."""
    file, stages = SELECTIONS[name]
    source = (ROOT / file).read_text(encoding="utf-8")
    told = list(told_of(name, source))
    left = {number for number, (_, line) in enumerate(told) if line not in argued}
    asked = len(left)
    for number, tests in enumerate(stages[:STAGES]):
        left = trial(file, tests, left, surely=number > 0) if tests and left else left
    found = [f"{file}:{told[number][0]} | {told[number][1]}" for number in sorted(left)]
    counts.update(mutants=len(told), argued=len(told) - asked, killed=asked - len(left))
    print(f"# {name}: {len(told)} mutants, {len(told) - asked} argued, {asked - len(left)} killed", *found, sep="\n")
    sys.stdout.flush()
    return found


def told_of(name: str, source: str) -> Iterator[tuple[int, str]]:
    """Each mutant's line, and how `mutants_argued.txt` names it: of several that read alike each has its number."""
    met: Counter[str] = Counter()
    for each in mutants(source):
        told = f"{name} | {each.place} | {each.before} → {each.after}"
        met[told] += 1
        yield each.line, told if met[told] == 1 else f"{told} ({met[told]})"


def argued_mutants() -> set[str]:
    """What changes nothing, as a person found who looked at it; the reason stands on the line below."""
    lines = ARGUED.read_text(encoding="utf-8").splitlines() if ARGUED.exists() else []
    return {line for line in lines if " → " in line and not line.startswith((" ", "#"))}


def preload() -> None:
    """Load everything once, so that each mutant finds it there; examples are looked for, but not made small."""
    importlib.import_module("app")
    importlib.import_module("tests.conftest")
    phases, usual = (hypothesis.Phase.explicit, hypothesis.Phase.generate), hypothesis.settings.get_profile("heedful")
    hypothesis.settings.register_profile("hurried", usual, phases=phases, max_examples=30)
    hypothesis.settings.load_profile("hurried")
    for file, _ in SELECTIONS.values():
        importlib.import_module(file.removesuffix(".py").replace("/", "."))
    gc.freeze()


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
