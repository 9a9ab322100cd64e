"""What `heedful run` writes to its terminal while an address is thrown at it from all sides, at debug level (P1)."""

from pathlib import Path

import pytest

from core.database import Database
from core.settings import Settings
from tests.contacts.signing_up import filled_in
from tests.journeys.canaries import CANARY, leaks
from tests.journeys.houses import free_port, house_of
from tests.journeys.running import Running, running

BELOW = ("/u", "/p", "/s", "/c", "/join", "/join/confirm", "/console", "/static", "/api", "/nothing", "/healthz")
TO = ("/unsubscribe", "/contact", "/join/newsletter", "/console/sign-in", "/console/people", "/api/contacts")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = f"multipart/form-data; boundary={CANARY[:20]}"


def throw(product: Running) -> set[int]:
    """Ask for everything that a stranger can ask for, with the address wherever one can be; what was answered."""
    web, said = product.web, set()
    headers = {
        "referer": f"http://a.example/{CANARY}",
        "user-agent": CANARY,
        "origin": f"http://{CANARY}",
        "cookie": CANARY,
    }
    for path in (
        "/u",
        "/p",
        "/s",
        "/c",
        "/join",
        "/join/confirm",
        "/console",
        "/static",
        "/api",
        "/nothing",
        "/healthz",
    ):
        said |= {web.get(f"{path}/{CANARY}", headers=headers).status_code}
        said |= {web.post(f"{path}/{CANARY}", data={"address": CANARY}).status_code}
    for path in (
        "/unsubscribe",
        "/contact",
        "/join/newsletter",
        "/console/sign-in",
        "/console/people",
        "/api/contacts",
    ):
        for kind in (FORM, JSON, MULTIPART, CANARY):
            sent = {**headers, "content-type": kind, "authorization": f"Bearer {CANARY}"}
            said |= {web.post(path, content=f"address={CANARY}&reason=x\xff".encode(), headers=sent).status_code}
        said |= {web.request(CANARY.split(".")[0], path, headers=headers).status_code}
    said |= {web.post("/contact", data={"address": CANARY, "reason": "delete"}).status_code}
    said |= {web.post("/join/newsletter", data=filled_in(CANARY)).status_code}
    said |= {web.post("/unsubscribe", data={"address": CANARY}).status_code}
    return said


def test_p1_a_running_product_says_no_address_in_its_logs(
    settings: Settings, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    port = free_port()
    told = {"port": port, "base_url": f"http://127.0.0.1:{port}", "log_format": "json", "log_level": "debug"}
    changed = settings.model_copy(update=told)
    with house_of(changed, database, tmp_path, monkeypatch) as house:
        house.told("form", "add", "newsletter", "--title", "News", "--wording", "We write.", "--topic", "updates")
        with running(changed, tmp_path) as product:
            said = throw(product)
            product.until(lambda: b'"message"' in product.log.read_bytes(), "anything to be logged")
        assert product.process.returncode == 0
        log = product.log.read_text()
    assert said >= {200, 401, 404, 405, 422}
    assert leaks(log) == [], log[-2000:]
