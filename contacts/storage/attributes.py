"""Attributes: how both databases look into the free JSON values of a contact, spelt once."""

import json
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

TEXTS = ("text", "string")
NUMBERS = ("integer", "real", "number")
SWITCHES = ("true", "false", "boolean")


class kind_of(FunctionElement[str]):  # noqa: N801 - reads as the SQL function it stands for
    """The JSON type of one attribute, in the database's own words; NULL where it is not there."""

    type = String()
    inherit_cache = True

    def __init__(self, attributes: ColumnElement[Any], key: str) -> None:
        super().__init__(attributes, literal(key, String), literal(_path(key), String))


class text_of(FunctionElement[str]):  # noqa: N801 - reads as the SQL function it stands for
    """One attribute as text; a yes or no as true or false."""

    type = String()
    inherit_cache = True

    def __init__(self, attributes: ColumnElement[Any], key: str) -> None:
        super().__init__(attributes, literal(key, String), literal(_path(key), String))


class small_letters(FunctionElement[str]):  # noqa: N801 - reads as the SQL function it stands for
    """Text with A to Z made small, and nothing else, whatever the database's language."""

    type = String()
    inherit_cache = True


class plain_order(FunctionElement[str]):  # noqa: N801 - reads as the SQL function it stands for
    """Text that is compared by its characters' numbers, whatever the database's language."""

    type = String()
    inherit_cache = True


class contains(FunctionElement[bool]):  # noqa: N801 - reads as the SQL function it stands for
    """Whether the first text has the second in it."""

    type = Boolean()
    inherit_cache = True


def _path(key: str) -> str:
    """The path of a key on SQLite, escaped as the value is stored: SQLite 3.40 compares the spelling."""
    return f"$.{json.dumps(key)}"


def _parts(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> list[str]:
    return [compiler.process(clause, **options) for clause in element.clauses]


@compiles(kind_of, "sqlite")
def _kind_sqlite(element: kind_of, compiler: SQLCompiler, **options: Any) -> str:
    attributes, _, path = element.clauses
    return f"json_type({compiler.process(attributes, **options)}, {compiler.process(path, **options)})"


@compiles(kind_of, "postgresql")
def _kind_postgresql(element: kind_of, compiler: SQLCompiler, **options: Any) -> str:
    attributes, key, _ = element.clauses
    return (
        f"jsonb_typeof({compiler.process(attributes, **options)} -> CAST({compiler.process(key, **options)} AS text))"
    )


@compiles(text_of, "sqlite")
def _text_sqlite(element: text_of, compiler: SQLCompiler, **options: Any) -> str:
    attributes, _, path = element.clauses
    place = f"{compiler.process(attributes, **options)}, {compiler.process(path, **options)}"
    kind = f"json_type({place})"
    return f"CASE WHEN {kind} IN ('true', 'false') THEN {kind} ELSE json_extract({place}) END"


@compiles(text_of, "postgresql")
def _text_postgresql(element: text_of, compiler: SQLCompiler, **options: Any) -> str:
    attributes, key, _ = element.clauses
    return f"({compiler.process(attributes, **options)} ->> CAST({compiler.process(key, **options)} AS text))"


@compiles(small_letters, "sqlite")
def _small_sqlite(element: small_letters, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({_parts(element, compiler, **options)[0]})"


@compiles(small_letters, "postgresql")
def _small_postgresql(element: small_letters, compiler: SQLCompiler, **options: Any) -> str:
    return f'lower(({_parts(element, compiler, **options)[0]}) COLLATE "C")'


@compiles(plain_order, "sqlite")
def _order_sqlite(element: plain_order, compiler: SQLCompiler, **options: Any) -> str:
    return _parts(element, compiler, **options)[0]


@compiles(plain_order, "postgresql")
def _order_postgresql(element: plain_order, compiler: SQLCompiler, **options: Any) -> str:
    return f'(({_parts(element, compiler, **options)[0]}) COLLATE "C")'


@compiles(contains, "sqlite")
def _contains_sqlite(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    text, wanted = _parts(element, compiler, **options)
    return f"(instr({text}, {wanted}) > 0)"


@compiles(contains, "postgresql")
def _contains_postgresql(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    text, wanted = _parts(element, compiler, **options)
    return f"(strpos({text}, {wanted}) > 0)"
