"""The same walks between real processes: `heedful run` on real sockets, people at the other end of real HTTP."""

from pathlib import Path

import pytest

from core.database import Database
from core.settings import Settings
from tests.journeys.canaries import CANARY, leaks
from tests.journeys.houses import House, adds_up, free_port, house_of
from tests.journeys.mails import Mail
from tests.journeys.pressing import press
from tests.journeys.running import Running, running
from tests.journeys.test_answer_walk import SURVEY
from tests.journeys.test_link_crawl import BROWSER

BY_PAGE, STAYS = "by-page@example.org", "stays@example.org"


@pytest.fixture
def street(settings: Settings, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A house, and the running product over the same database."""
    port = free_port()
    told = {"port": port, "base_url": f"http://127.0.0.1:{port}", "log_format": "json", "log_level": "debug"}
    changed = settings.model_copy(update=told)
    with running(changed, tmp_path) as product, house_of(changed, database, tmp_path, monkeypatch) as house:
        house.web = product.web
        yield house, product


def delivered(house: House, product: Running, name: str) -> dict[str, Mail]:
    """Wait until a campaign has finished; its mail."""
    product.until(lambda: house.report(name)["state"] == "finished", f"{name} to be sent")
    assert adds_up(house.report(name))
    return {mail.to: mail for mail in house.arrived()}


def test_g1_people_leave_click_and_answer_while_everything_runs(street: tuple[House, Running]):
    house, product = street
    house.bring([CANARY.lower(), BY_PAGE, STAYS])
    house.apply("spring")
    first = delivered(house, product, "spring")
    assert set(first) == {CANARY.lower(), BY_PAGE, STAYS}

    click = product.web.get(first[STAYS].link("/c/"), headers={"user-agent": BROWSER})
    assert (click.status_code, "set-cookie" in click.headers) == (302, False)
    done = product.web.post(first[CANARY.lower()].one_click, data={"List-Unsubscribe": "One-Click"})
    assert (done.status_code, "Done" in done.text) == (200, True)
    assert "Done" in press(product.web, first[BY_PAGE].link("/u/")).text

    (house.folder / "satisfaction.toml").write_text(SURVEY, encoding="utf-8")
    house.told("survey", "apply", "satisfaction.toml", "--open")
    name = house.told("survey", "invite", "satisfaction")["campaign"]
    invited = delivered(house, product, name)
    assert set(invited) == {STAYS}
    link = invited[STAYS].link("/s/")
    press(product.web, link, {"product": "keys", "recommend": "9"})
    press(product.web, link, {"wish": "More keys."})
    assert house.told("survey", "results", "satisfaction")["completed"] == 1

    product.web.get(f"/u/{CANARY}")
    product.web.post("/unsubscribe", data={"address": CANARY.replace("@", " at ")})
    house.told("opt-out", CANARY)
    assert product.end() == 0
    log = product.log.read_bytes()
    assert b"mailing frozen" in log, "nothing was logged at all"
    assert leaks(log) == []
    assert STAYS.encode() not in log
