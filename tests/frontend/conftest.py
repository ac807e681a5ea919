"""A made-up home, a browser, and a watch over what the pages do."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
import json
from pathlib import Path
import subprocess
import sys
from typing import Any

from playwright.async_api import BrowserContext, Page, Request
import pytest
import pytest_asyncio

from script.demo_world.browser import DESK_SCREEN, Browser

from . import packages
from .fake_home import ROOT, WWW
from .fake_hub import PORTAL, Hub

INVITE = "q2w3e4r5t6y7u2i3o4p5a6s7d2"
_HERE = Path(__file__).parent

# Told to the test by a name of its own, so that nothing on the page is changed.
_WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let these tests open sockets; the plugin keeps them on loopback."""


@dataclass(slots=True)
class World:
    """What the made-up home says, and what was asked of it."""

    base: str
    folder: Path
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def ask_url(self) -> str:
        """The address of the form."""
        return f"{self.base}/api/clip_consent/ask/{INVITE}"

    def status_url(self, key: str = "") -> str:
        """Return the address of the status page."""
        page = f"{self.base}/api/clip_consent/status/{packages.REQUEST_ID}"
        return f"{page}#{key}" if key else page

    @property
    def portal_url(self) -> str:
        """The address of the hub's public page."""
        return f"{self.base}{PORTAL}"

    def desk_url(self, token: str = "") -> str:
        """Return the address of the requester's desk."""
        page = f"{self.base}{PORTAL}/desk"
        return f"{page}#{token}" if token else page

    def host(self, hub: Hub) -> None:
        """Let this hub be there, as it is now."""
        self.facts["hub"] = hub.facts()
        self.save()

    def reset(self) -> None:
        """Start anew: one invite, one request without an answer."""
        received = {
            "id": packages.REQUEST_ID,
            "look_again_until": "2026-12-14T19:00:00Z",
        }
        self.facts = {
            "invite": INVITE,
            "ask_answers": [{"status": 202, "body": received}],
            "requests": {},
            "drafts": {},
        }
        self.deliver({})
        (self.folder / "log.jsonl").write_text("", encoding="utf-8")

    def deliver(self, drops: dict[str, Path], **more: Any) -> None:
        """Let these packages lie there for the request."""
        status = {
            "version": 1,
            "status": "received",
            "look_again_until": "2026-12-14T19:00:00Z",
            "deliveries": [
                {
                    "id": drop,
                    "size": path.stat().st_size,
                    "available_until": "2026-12-07T19:01:12Z",
                }
                for drop, path in drops.items()
            ],
        }
        self.facts["requests"] = {
            packages.REQUEST_ID: {
                "status": status,
                "drops": {
                    drop: {"path": str(path), **more} for drop, path in drops.items()
                },
            }
        }
        self.save()

    def save(self) -> None:
        """Make it so."""
        world = self.folder / "world.json"
        world.write_text(json.dumps(self.facts), encoding="utf-8")

    def asked(self, method: str = "GET", part: str = "") -> list[dict[str, Any]]:
        """Return the requests that came in."""
        text = (self.folder / "log.jsonl").read_text(encoding="utf-8")
        lines = [json.loads(line) for line in text.splitlines()]
        return [
            line for line in lines if line["method"] == method and part in line["path"]
        ]


@pytest.fixture(scope="session")
def _fake_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if not (WWW / "ask.js").is_file():
        pytest.fail("the frontend is not built: run script/setup")
    folder = tmp_path_factory.mktemp("fake_home")
    world = World("", folder)
    world.reset()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.frontend.fake_home", str(folder / "world.json")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout
        world.base = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        yield world
    finally:
        server.terminate()
        server.wait(timeout=10)
        if server.stdout:
            server.stdout.close()


@pytest.fixture
def world(_fake_home: World) -> World:
    """Return the made-up home, as new."""
    _fake_home.reset()
    return _fake_home


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with films and a sheet."""
    folder = tmp_path_factory.mktemp("films")
    clip = packages.film(folder / "clip.mp4")
    packages.film(folder / "hevc.mp4", "hevc")
    packages.sheet(folder / "sheet.jpg", clip)
    return folder


@pytest.fixture(scope="session")
def keys() -> tuple[str, str]:
    """Return an identity and its recipient."""
    return packages.key_pair()


@dataclass(slots=True)
class Watched:
    """A page, and all it did that it should not."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def assert_clean(self, base: str) -> None:
        """Hold that nothing foreign was asked for and nothing complained."""
        foreign = [
            url
            for url in self.requests
            if not url.startswith((f"{base}/", "blob:", "data:"))
        ]
        assert foreign == []
        assert self.complaints == []
        assert await self.page.evaluate("window.violations") == []
        assert not any("AGE-SECRET-KEY" in url for url in self.requests)


async def watch(context: BrowserContext) -> Watched:
    """Open a page that is watched."""
    await context.add_init_script(_WATCH)
    page = await context.new_page()
    watched = Watched(page)

    def note(request: Request) -> None:
        # A fragment is the browser's own business: it is not in what is sent.
        watched.requests.append(request.url.partition("#")[0])

    page.on("request", note)
    page.on(
        "console",
        lambda message: (
            watched.complaints.append(message.text)
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    return watched


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser) -> AsyncGenerator[Watched]:
    """Return a watched page of a stranger."""
    async with browser.stranger(DESK_SCREEN) as context:
        yield await watch(context)
