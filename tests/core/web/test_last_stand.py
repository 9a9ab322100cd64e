"""Errors that reach the server below the web: none of them says its sentence there (P1)."""

import logging

import anyio.lowlevel
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app import report
from core.web.last_stand import Broken, LastStand
from tests.journeys.canaries import CANARY, leaks
from tests.journeys.witnesses import logged


async def fail(_request: Request) -> Response:
    """A page that fails before it says anything."""
    raise ValueError(CANARY)


async def break_off(_request: Request) -> Response:
    """A file that fails on its way."""

    async def lines():
        yield b"one\n"
        await anyio.lowlevel.checkpoint()
        raise ValueError(CANARY)

    return StreamingResponse(lines())


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/fails", fail), Route("/breaks", break_off)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(LastStand, report=report)]))


def test_p1_a_page_that_fails_outside_its_visit_says_and_logs_nothing_of_why(client: TestClient):
    with logged() as log:
        answer = client.get("/fails")
    assert (answer.status_code, answer.text) == (500, "Something went wrong on our side.")
    assert "ValueError" in log.getvalue()
    assert leaks(log.getvalue()) == []


def test_p1_an_answer_that_ends_early_is_cut_off_and_its_reason_goes_no_further(client: TestClient):
    with logged() as log, pytest.raises(Broken) as broken:
        client.get("/breaks")
    assert broken.value.__suppress_context__
    assert leaks(str(broken.value) + log.getvalue()) == []
    assert logging.getLogger("heedful.web").name in log.getvalue()
