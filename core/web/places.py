"""Finding the places of a package: every module of its web floor that lists PLACES, SHARED_PLACES or API_PLACES."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from core.web.calls import ApiPlace
from core.web.shared_places import AnyShared
from core.web.visits import Place


def places_of(package: ModuleType) -> Iterator[Place]:
    """The places of all modules of a package, in the order of their names."""
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        yield from getattr(module, "PLACES", ())


def shared_places_of(package: ModuleType) -> Iterator[AnyShared]:
    """The places of a package whose posts are answered together."""
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        yield from getattr(module, "SHARED_PLACES", ())


def api_places_of(package: ModuleType) -> Iterator[ApiPlace]:
    """The API's places of all modules of a package."""
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        yield from getattr(module, "API_PLACES", ())
