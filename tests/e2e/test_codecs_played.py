"""What of the codec table a real Chromium plays: the table's last column."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
import os
from pathlib import Path
from typing import Any, Final

from aiohttp import web
import pytest

from custom_components.clip_consent.core.errors import MediaError
from script.demo_world.browser import started_browser
from tests.home.codec_files import KINDS, Kind, file_of
from tests.home.codec_table import read_table, write_row
from tests.home.drafting import Drafting
from tests.home.recordings import Recordings

_WRITE: Final = bool(os.environ.get("CLIP_CONSENT_WRITE_TABLE"))
_PAGE: Final = """<!doctype html><script>
async function play(name) {
  const video = document.createElement("video");
  video.muted = true;
  video.src = name;
  document.body.append(video);
  const told = (event) => new Promise((done) => video.addEventListener(event, done));
  const late = new Promise((done) => setTimeout(() => done("late"), 20000));
  const failed = told("error").then(() => "error");
  video.playbackRate = 8;
  video.play().catch(() => {});
  const end = await Promise.race([told("ended").then(() => "ended"), failed, late]);
  const quality = video.getVideoPlaybackQuality();
  const wide = video.videoWidth;
  video.remove();
  return { end, shown: quality.totalVideoFrames, wide };
}
</script><body></body>"""


def _ways(kind: Kind) -> list[tuple[str, dict[str, bool]]]:
    """Return how a kind is drafted: what would be the same film is made once."""
    ways: list[tuple[str, dict[str, bool]]] = [("copy", {})]
    if kind.pictures.startswith("H.264"):
        ways.append(("exact", {"exact": True}))
    if kind.container in ("AVI", "MP4"):
        ways.append(("playable", {"playable": True}))
    return ways


def _is_seen(played: dict[str, Any]) -> bool:
    """Whether a film was played with its pictures: some play the sound alone."""
    return played["end"] == "ended" and played["wide"] > 0 and played["shown"] > 0


async def _page(_request: web.Request) -> web.Response:
    return web.Response(text=_PAGE, content_type="text/html")


@pytest.fixture
async def films(tmp_path: Path) -> AsyncIterator[tuple[str, list[dict[str, str]]]]:
    """Serve the drafts of all kinds: the address, and the names of each kind's."""
    made = Recordings(tmp_path / "recordings")
    made.folder.mkdir()
    drafting = Drafting(made, tmp_path / "drafts")
    names: list[dict[str, str]] = []
    for kind in KINDS:
        found = {}
        for way, options in _ways(kind):
            with suppress(MediaError):
                draft = await drafting(
                    file_of(made, kind), 3.3, 5.5, audio=True, **options
                )
                found[way] = draft.file
        names.append(found)
    app = web.Application()
    app.router.add_get("/", _page)
    app.router.add_static("/films", drafting.folder)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}", names
    await runner.cleanup()


@pytest.mark.timeout(900)
async def test_what_chromium_plays(
    films: tuple[str, list[dict[str, str]]],
) -> None:
    """Each film of the table to its end; what is made to be played always is."""
    address, names = films
    async with started_browser() as browser, browser.stranger() as context:
        page = await context.new_page()
        await page.goto(address)
        for kind, found in zip(KINDS, names, strict=True):
            seen = {}
            for way, name in found.items():
                async with asyncio.timeout(60):
                    seen[way] = await page.evaluate("play", f"/films/{name}")
            plays = "copy" in seen and _is_seen(seen["copy"])
            if "playable" in seen:
                assert _is_seen(seen["playable"]), kind
            if plays and "exact" in seen:
                assert _is_seen(seen["exact"]), kind
                assert seen["exact"]["wide"] == seen["copy"]["wide"]
            said = "–" if "copy" not in seen else "yes" if plays else "no"
            row = read_table()[kind[:3]]
            if _WRITE:
                write_row((*row[:-1], said))
                row = read_table()[kind[:3]]
            assert row[-1] == said, kind
