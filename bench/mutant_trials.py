"""Trials of mutants: the tests are collected once, then each mutant lives in a forked process that runs them."""

import ast
import gc
import importlib.abc
import importlib.util
import io
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from bench.mutators import Mutant, mutants

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = [
    "-q",
    "-n0",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "--assert=plain",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
]
OURS = ("app", "core", "contacts", "campaigns", "surveys", "tests", "commands", "manage")
RULES = ("contacts.domain", "tests.contacts.domain")
MOST_MEMORY = 3 << 30
"""Bytes: a loop that a mutant makes endless must not take the machine's."""
SECONDS, PATIENCE = 4, 1800
"""After so much time of the processor, beside three times what the tests take, or so long, a mutant hangs: noticed."""
SURVIVED, DONE = 77, b"done"


def trial(file: str, tests: Sequence[str], which: Collection[int], *, surely: bool) -> set[int]:
    """The numbers of those mutants of a module, out of `which`, that none of these tests notices.

    What cannot be exchanged in a loaded module is tried only where it is to be known `surely`.
    """
    reading, writing = os.pipe()
    server = os.fork()
    if server == 0:
        os.close(reading)
        with redirect_stdout(said := io.StringIO()), redirect_stderr(said):
            ended = pytest.main([*OPTIONS, *tests], plugins=[Trials(file, tests, which, writing, surely=surely)])
        os.write(writing, DONE if ended == pytest.ExitCode.OK else said.getvalue()[-3000:].encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(server, 0)
    if not told.endswith(DONE):  # a trial that was broken off says nothing about the mutants that it did not come to
        sys.exit(f"{file}: its tests fail without any mutant, or were ended\n{told.decode()}")
    return {int(number) for number in told.removesuffix(DONE).split()}


class Trials:
    """In the place of pytest's loop: all tests once without a fault, the fast ones first then for each mutant."""

    def __init__(self, file: str, tests: Sequence[str], which: Collection[int], told: int, *, surely: bool) -> None:
        self.file, self.tests, self.which, self.told, self.server = file, tests, which, told, os.getpid()
        self.surely, self.seconds = surely, SECONDS
        self.forgotten: tuple[str, ...] = OURS
        self.caches: list[Callable[[], object]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run what was collected."""
        if session.testsfailed:
            raise session.Interrupted("not collected")
        began = time.process_time()
        took = {item: self._seconds(session, item) for item in session.items}
        self.seconds = round(3 * (time.process_time() - began)) + SECONDS
        session.items.sort(key=lambda item: (not self._is_nearest(item), took[item]))
        self.caches = caches()
        gc.collect()
        gc.freeze()  # what a collection looks at is copied from one process to the next
        if self._noticed(session, None):
            raise session.Failed("its tests fail without any mutant")
        self._choose_forgotten()
        for number, mutant in enumerate(mutants((ROOT / self.file).read_text(encoding="utf-8"))):
            if number in self.which and not self._noticed(session, mutant):
                os.write(self.told, f"{number} ".encode())
        return True

    def _seconds(self, session: pytest.Session, item: pytest.Item) -> float:
        began = time.perf_counter()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=session)
        return time.perf_counter() - began

    def _is_nearest(self, item: pytest.Item) -> bool:
        return item.path.stem.startswith(f"test_{Path(self.file).stem}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        """Nobody reads how a test failed: the mutant was noticed, and that is all."""
        failed = call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception)
        if failed and os.getpid() != self.server:
            os._exit(1)

    def _noticed(self, session: pytest.Session, mutant: Mutant | None) -> bool:
        return self._ends_badly(lambda: self._live(session, mutant))

    def _choose_forgotten(self) -> None:
        """Rules are loaded anew without what stands above them, where their tests pass like that."""
        name, tree = self.file.removesuffix(".py").replace("/", "."), ast.parse((ROOT / self.file).read_text("utf-8"))
        self.forgotten = RULES if name.startswith(RULES[0]) else OURS
        if self.surely and self.forgotten is RULES and self._ends_badly(lambda: self._anew(name, tree)):
            self.forgotten = OURS

    def _ends_badly(self, life: Callable[[], int]) -> bool:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                gc.disable()
                signal.alarm(PATIENCE)
                resource.setrlimit(resource.RLIMIT_CPU, (self.seconds, self.seconds + 1))
                resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
                code = life()
            finally:
                os._exit(code)
        return os.waitpid(child, 0)[1] != SURVIVED << 8

    def _live(self, session: pytest.Session, mutant: Mutant | None) -> int:
        """Its exit code: what is noticed ends with another."""
        name = self.file.removesuffix(".py").replace("/", ".")
        if mutant is None or exchanged(sys.modules[name], mutant):
            for forget in self.caches:
                forget()
            for item in session.items:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=session)
            if mutant is None or (mutant.place and not _is_loading(mutant)):
                return SURVIVED
        return self._anew(name, mutant.tree) if self.surely else SURVIVED

    def _anew(self, name: str, tree: ast.Module) -> int:
        """The same with a changed module that is loaded anew, and all that was loaded with it."""
        forget_ours(self.forgotten)
        sys.meta_path.insert(0, Changed(name, ROOT / self.file, tree))
        return SURVIVED if pytest.main([*OPTIONS, "-x", *self.tests]) == pytest.ExitCode.OK else 1


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a changed tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Answer for the changed module alone."""
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed tree."""
        module.__file__ = str(self.path)
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


def exchanged(module: ModuleType, mutant: Mutant) -> bool:
    """Put a fault into a module that is loaded already; False where only loading everything anew will do."""
    if not mutant.place:
        return _assigned(module, mutant)
    path = mutant.place.split(".")
    old, new = _function(vars(module), path), _code(compile(mutant.tree, module.__name__, "exec"), path)
    if old is None or new is None or old.__code__ == new or old.__code__.co_freevars != new.co_freevars:
        return False
    old.__code__ = new
    return True


def _is_loading(mutant: Mutant) -> bool:
    """Whether the function or class with the fault is used while its module is loaded: then that was too early."""
    outside = [each for each in mutant.tree.body if not isinstance(each, ast.FunctionDef)]
    used = {each.id for statement in outside for each in ast.walk(statement) if isinstance(each, ast.Name)}
    return mutant.place.partition(".")[0] in used


def _function(owner: Mapping[str, object], path: Sequence[str]) -> FunctionType | None:
    """The function or method of a module that a place is in."""
    found = owner.get(path[0])
    if isinstance(found, type) and len(path) > 1:
        return _function(vars(found), path[1:])
    for wrapping in ("fget", "func", "__func__", "__wrapped__"):
        found = getattr(found, wrapping, None) or found
    return found if isinstance(found, FunctionType) and found.__name__ == path[0] else None


def _code(within: CodeType, path: Sequence[str]) -> CodeType | None:
    """What was compiled of the function at a place."""
    named = [each for each in within.co_consts if isinstance(each, CodeType) and each.co_name == path[0]]
    if len(named) != 1:
        return None
    return named[0] if len(path) == 1 or named[0].co_flags & OF_FUNCTION else _code(named[0], path[1:])


OF_FUNCTION = 0x1
"""CO_OPTIMIZED: set for functions, not for the bodies of classes."""


def _assigned(module: ModuleType, mutant: Mutant) -> bool:
    """Assign a changed constant anew, and those below that are made of it, wherever they were imported to."""
    anew: set[str] = set()
    for statement in mutant.tree.body:
        named = [each.id for each in _targets(statement)]
        used = {each.id for each in ast.walk(statement) if isinstance(each, ast.Name)}
        if statement is mutant.statement and not named:
            return False
        if named and (statement is mutant.statement or used & anew):
            anew.update(named)
            before = {name: vars(module)[name] for name in named}
            exec(compile(ast.Module([statement], []), module.__name__, "exec"), vars(module))
            for name in named:
                _spread(name, before[name], vars(module)[name])
    return True


def _targets(statement: ast.stmt) -> Iterator[ast.Name]:
    given: list[Any] = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    for target in given:
        yield from (each for each in ast.walk(target) if isinstance(each, ast.Name)) if target else ()


def _spread(name: str, old: object, new: object) -> None:
    for other in list(sys.modules.values()):
        if _is_ours(other) and vars(other).get(name) is old:
            vars(other)[name] = new


def _is_ours(module: ModuleType) -> bool:
    return getattr(module, "__name__", "").partition(".")[0] in OURS


def caches() -> list[Callable[[], object]]:
    """What makes each cache of ours forget what it kept from before a fault."""
    ours = [vars(module) for module in list(sys.modules.values()) if _is_ours(module)]
    found = {id(each): each for names in ours for each in names.values() if hasattr(each, "cache_clear")}
    return [each.cache_clear for each in found.values()]


def forget_ours(forgotten: Collection[str]) -> None:
    """Let our own modules be loaded anew, as a fault that lies outside of functions asks for."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if name.startswith(tuple(forgotten)) and (not file or Path(file).is_relative_to(ROOT)):
            del sys.modules[name]
