"""Names of variables as SPSS and Stata take them: shortened and kept apart, the same in every export."""

from collections.abc import Iterable
from hashlib import sha256

LONGEST_SPSS = 64
LONGEST_STATA = 32
_DIGEST = 6
_SPSS = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
_STATA = frozenset({"byte", "double", "float", "if", "in", "int", "long", "str", "strl", "using", "with"})


def spss_names(names: Iterable[str]) -> dict[str, str]:
    """For each name the one that SPSS takes: at most 64 characters, and no word of its language."""
    return _fitting(names, LONGEST_SPSS, _SPSS)


def stata_names(names: Iterable[str]) -> dict[str, str]:
    """For each name the one that Stata takes: at most 32 characters, and no word of its language."""
    return _fitting(names, LONGEST_STATA, _STATA)


def _fitting(names: Iterable[str], longest: int, reserved: frozenset[str]) -> dict[str, str]:
    """A name that does not fit ends in a digest of the whole: it hangs on no other name, so later versions keep it."""
    return {name: _digested(name, longest) if _unfit(name, longest, reserved) else name for name in names}


def _unfit(name: str, longest: int, reserved: frozenset[str]) -> bool:
    """`str1` to `str2045` are types of Stata."""
    return len(name) > longest or name in reserved or (name[:3] == "str" and name[3:].isdigit())


def _digested(name: str, longest: int) -> str:
    return f"{name[: longest - _DIGEST - 1]}_{sha256(name.encode()).hexdigest()[:_DIGEST]}"
