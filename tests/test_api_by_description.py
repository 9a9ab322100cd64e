"""The API is asked what its own description allows and forbids (schemathesis), bounded for every run."""

import warnings

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from app import create_app
from core.operators import Role
from tests.api import program
from tests.web import browser

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 32
"""Of each of the eighteen routes."""


@pytest.fixture
def written(settings, database):
    with browser(settings, database) as client:
        return program(client, database, Role.ADMIN).written


def test_every_answer_is_one_that_the_description_names(settings, database, written):
    app = create_app(settings.model_copy(update={"api_rate": 10**6, "confirm_seconds": 0.05}), database)
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    asked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        _ask(found.ok(), written)
        asked += 1
    assert asked == 18


def _ask(operation, written):
    @bounded(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def ask(case):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            case.call_and_validate(headers={"Authorization": f"Bearer {written}"}, checks=CHECKS)

    ask()
