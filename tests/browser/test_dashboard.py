"""The dashboard in a real browser: every page shows its heading and figures, and nothing leaves the machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import httpx
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.prefect]

REQUIRED = bool(os.environ.get("CI") or os.environ.get("SEKAPS_REQUIRE_SERVERS"))
START_UP_SECONDS = 180
PAGE_SECONDS = 15
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PREFECT = {
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}
RUNS = """
from datetime import UTC, datetime
from prefect import flow
from sekaps.database import migrate
from sekaps.flows.contracts_and_notifications import contracts_and_notifications
from sekaps.flows.district_allocation import district_allocation
from sekaps.flows.needs_entry import needs_entry
from sekaps.flows.plan_year import plan_year
from sekaps.flows.signature_gap_audit import signature_gap_audit
from sekaps.tasks.dashboard import publish_reminders, publish_year
from sekaps.tasks.ticks import Tick

as_of = datetime(2023, 5, 2, 5, 30, tzinfo=UTC)
migrate()
plan_year(2023, "Ayşe", "Mehmet")
for run in (signature_gap_audit, needs_entry, district_allocation, contracts_and_notifications):
    run(2023, as_of)
for publish in (publish_reminders, publish_year):
    flow(name="pages")(publish.fn)(Tick("sekaps", 2023, as_of))
"""
PAGES = {
    "year-at-a-glance": ("Yıla bakış 2023 · 02.05.2023", "7 planlandı, 1 açık, 1 kapandı"),
    "signature-gaps": ("İmza eksikleri 2023 · 02.05.2023", "0 imza eksiği"),
    "needs-entry": ("İhtiyaç girişi 2023 · 02.05.2023", "0 / 0 imzalı"),
    "reminders": ("Hatırlatmalar 2023 · 02.05.2023", "0 ileti gönderildi"),
    "allocation-coverage": ("Tahsis 2023 · 02.05.2023", "denk / balanced"),
    "contracts": ("Sözleşme ve tebliğ kayıtları 2023 · 02.05.2023", "0 / 0 sözleşme yapıldı"),
}


@dataclass
class Watched:
    """A page with what it asked for outside and what it complained of."""

    page: object
    outside: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)


def left_out(reason: str) -> None:
    """Leave the tests out with a reason, or fail where browsers are required."""
    (pytest.fail if REQUIRED else pytest.skip)(f"left out: {reason}")


@pytest.fixture(scope="module")
def playwright() -> ModuleType:
    try:
        from playwright import sync_api
    except ImportError:
        left_out("playwright is not installed")
    return sync_api


@pytest.fixture(scope="module")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        left_out(f"none of {', '.join(BROWSERS)} is on the path")
    return str(found)


@pytest.fixture(scope="module")
def address(chromium: str, playwright: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of our own on which every page was published once."""
    home = tmp_path_factory.mktemp("dashboard")
    address = f"http://127.0.0.1:{_free_port()}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SEKAPS_"))},
        **PREFECT,
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"{address}/api",
        "SEKAPS_HOME": str(home),
    }
    with _server(address, environment, home / "server.log"):
        subprocess.run([sys.executable, "-c", RUNS], env=environment, check=True, timeout=START_UP_SECONDS)
        yield address


@pytest.fixture(scope="module")
def artifacts(address: str) -> dict[str, str]:
    """The latest artifact's id by key."""
    found = httpx.post(f"{address}/api/artifacts/latest/filter", json={"limit": 50}, timeout=PAGE_SECONDS).json()
    return {artifact["key"]: artifact["latest_id"] for artifact in found}


@pytest.fixture(scope="module")
def browser(playwright: ModuleType, chromium: str) -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watched(browser: object) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1440, "height": 1200})
    watched = Watched(page)
    page.on("request", lambda request: watched.outside.add(request.url) if _is_outside(request.url) else None)
    page.on("console", lambda message: watched.errors.append(message.text) if _matters(message) else None)
    yield watched
    page.close()
    assert watched.outside == set()
    assert watched.errors == []


@pytest.mark.parametrize("subject", PAGES)
def test_a_page_shows_its_heading_and_figure(
    address: str, artifacts: dict[str, str], watched: Watched, subject: str
) -> None:
    heading, figure = PAGES[subject]
    watched.page.goto(f"{address}/artifacts/artifact/{artifacts[f'sekaps-2023-{subject}']}")
    watched.page.get_by_role("heading", name=heading).wait_for(timeout=PAGE_SECONDS * 1000)
    assert watched.page.get_by_text(figure).first.is_visible()
    assert watched.page.get_by_text("seferberlik emri değildir").first.is_visible()


def test_the_years_picture_is_shown(address: str, artifacts: dict[str, str], watched: Watched) -> None:
    watched.page.goto(f"{address}/artifacts/artifact/{artifacts['sekaps-2023-year-at-a-glance']}")
    picture = watched.page.get_by_role("img", name="Yıla bakış / Year at a glance")
    picture.wait_for(timeout=PAGE_SECONDS * 1000)
    assert picture.evaluate("picture => picture.complete && picture.naturalWidth") > 700


def test_a_page_leads_to_another(address: str, artifacts: dict[str, str], watched: Watched) -> None:
    watched.page.goto(f"{address}/artifacts/artifact/{artifacts['sekaps-2023-signature-gaps']}")
    with watched.page.expect_popup(timeout=PAGE_SECONDS * 1000) as opened:
        watched.page.get_by_role("link", name="İhtiyaç girişi / Needs entry").first.click()
    opened.value.get_by_text("02.05.2023: 0 / 0 imzalı").first.wait_for(timeout=PAGE_SECONDS * 1000)
    assert urlsplit(opened.value.url).path == "/artifacts/key/sekaps-2023-needs-entry"


def test_the_gallery_shows_every_page_with_its_figure(address: str, watched: Watched) -> None:
    watched.page.goto(f"{address}/artifacts")
    for subject in PAGES:
        watched.page.get_by_text(f"sekaps-2023-{subject}", exact=True).first.wait_for(timeout=PAGE_SECONDS * 1000)
    assert watched.page.get_by_text("02.05.2023: 7 planlandı").first.is_visible()


def test_a_run_is_named_for_its_phase_and_day(address: str, watched: Watched) -> None:
    watched.page.goto(f"{address}/runs")
    watched.page.get_by_text("needs_entry 2023 · 2023-05-02").first.wait_for(timeout=PAGE_SECONDS * 1000)


@contextmanager
def _server(address: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    port = str(urlsplit(address).port)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
    with log.open("w") as written, subprocess.Popen(command, env=environment, stdout=written, stderr=written) as server:
        try:
            _wait_until_healthy(f"{address}/api/health", server, log)
            yield
        finally:
            server.terminate()
            server.wait(timeout=PAGE_SECONDS)


def _wait_until_healthy(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_UP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(url, timeout=1).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    pytest.fail(f"the Prefect server did not start:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1"


def _matters(message: object) -> bool:
    """Tell whether a console message is an error of the page, and not its missing icon."""
    return message.type == "error" and not message.location["url"].endswith("favicon.ico")
