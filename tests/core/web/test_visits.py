"""What a visit knows of its visitor: the network as the last trusted proxy saw it, whatever the visitor claims."""

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from core.clock import now
from core.database import Database
from core.settings import Settings
from core.tokens import Keyring
from core.web.visits import Visit

PROXY, VISITOR, CLAIMED = "10.0.0.1", "203.0.113.9", "198.51.100.1"


@pytest.mark.parametrize(
    ("proxies", "lines", "network"),
    [
        (0, [f"{CLAIMED}"], PROXY),
        (1, [], PROXY),
        (1, [f"{CLAIMED}, {VISITOR}"], VISITOR),
        (1, [CLAIMED, VISITOR], VISITOR),  # a proxy that adds a line of its own, as HAProxy does
        (2, [CLAIMED, f"{VISITOR}, {PROXY}"], VISITOR),
        (2, [VISITOR], PROXY),
    ],
)
def test_a_visitor_cannot_claim_another_network(
    settings: Settings, database: Database, keyring: Keyring, proxies: int, lines: list[str], network: str
):
    headers = [(b"x-forwarded-for", line.encode()) for line in lines]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": headers, "client": (PROXY, 1)})
    trusting = settings.model_copy(update={"trusted_proxies": proxies})
    assert Visit(request, trusting, database, keyring, now()).network == network


@pytest.mark.parametrize("origin", ["http://[", "https://evil.example", "null", "http://127.0.0.1:8025.evil.example"])
def test_a_form_from_elsewhere_is_refused_however_its_origin_is_written(client: TestClient, origin: str):
    said = {"email": "ann@example.org", "password": "x", "csrf": ""}
    assert client.post("/console/sign-in", data=said, headers={"origin": origin}).status_code == 403
    refused = client.post("/console/sign-in", data=said, headers={"origin": origin})
    assert "could not be accepted" in refused.text
