"""What an instance may cost this machine, whatever it answers."""

import asyncio
from collections.abc import Callable
from io import BytesIO
import json
from pathlib import Path
import struct
import threading
import time
from typing import Any

from PIL import Image
import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.home.sources import (
    frigate as frigate_source,
    frigate_reader,
)
from custom_components.clip_consent.home.sources.frigate import FrigateSource
from custom_components.clip_consent.home.sources.frigate_files import (
    clean_picture,
    is_whole,
)

from .conftest import NOON, Bring, camera
from .standin import Row, StandIn, answering
from .test_source import at, code, span

HALF_DAY = 12 * 3600


def picture(width: int, height: int, form: str = "PNG") -> bytes:
    """Return a picture of nothing: a small file that takes much room."""
    out = BytesIO()
    Image.new("RGB", (width, height)).save(out, form)
    return out.getvalue()


def watched(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> Callable[[], int]:
    """Watch a function; return what tells how many ran at once at most."""
    real, lock = getattr(module, name), threading.Lock()
    now = most = 0

    def run(*args: Any) -> Any:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.05)
        try:
            return real(*args)
        finally:
            with lock:
                now -= 1

    monkeypatch.setattr(module, name, run)
    return lambda: most


@pytest.mark.parametrize(
    ("part", "size"),
    [
        ("version", 2**10),
        ("config", 4 * 2**20),
        ("recordings", 2 * 2**20),
        ("events", 4 * 2**20),
        ("summary", 4 * 2**20),
    ],
)
async def test_an_answer_has_a_size(
    source: FrigateSource, frigate: StandIn, part: str, size: int
) -> None:
    """As much as an honest one needs: read as JSON, it takes thirty times as much."""
    right = {"version": '"0.16.4"', "config": '{"cameras": {}}'}.get(part, "[]")
    frigate.instead[part] = answering(body=right.ljust(size))
    one = camera(frigate)
    access, name = source._place(one.source)
    calls: dict[str, Callable[[], Any]] = {
        "version": lambda: source.reader.async_version(access),
        "config": lambda: source.reader.async_cameras(access),
        "recordings": lambda: source.async_find(one, span(0, 5)),
        "events": lambda: source.async_detections(one, span(0, 5)),
        "summary": lambda: source.reader.async_span(access, name),
    }
    assert await calls[part]() in ("0.16", {}, (), None)
    frigate.instead[part] = answering(body=right.ljust(size + 1))
    assert await code(calls[part]()) == "frigate_broken_answer"


async def test_half_a_day_of_segments_is_no_more(
    source: FrigateSource, frigate: StandIn
) -> None:
    """Of ten seconds each, with all that is said of one."""
    rows = [
        {
            "camera": "a_camera_in_the_driveway",
            "dBFS": -40,
            "duration": 10.123456,
            "end_time": NOON + n + 10.123456,
            "id": f"{NOON + n}-abc123",
            "motion": 123456,
            "objects": 1234,
            "regions": 1234,
            "segment_size": 123.45,
            "start_time": NOON + n + 0.123456,
        }
        for n in range(-120, HALF_DAY + 120, 10)
    ]
    frigate.instead["recordings"] = answering(body=json.dumps(rows))
    found = await source.async_find(camera(frigate), span(0, HALF_DAY))
    assert len(found) == HALF_DAY / 10 + 1


async def test_one_answer_is_read_at_a_time(
    source: FrigateSource, frigate: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many cameras are looked at side by side."""
    segments = watched(monkeypatch, frigate_reader, "read_segments")
    one = camera(frigate)
    await asyncio.gather(*(source.async_find(one, span(0, 5)) for _ in range(4)))
    assert segments() == 1


async def test_one_picture_is_decoded_at_a_time(
    source: FrigateSource, frigate: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are asked for; four are waited for at most."""
    decoding = watched(monkeypatch, frigate_source, "clean_picture")
    now = most = 0

    async def answer(_: Any) -> Any:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.05)
        now -= 1
        return await answering(body=picture(64, 36, "JPEG"))(_)

    frigate.instead["snapshot.jpg"] = answer
    one = camera(frigate)
    await asyncio.gather(*(source.async_picture(one, at(5)) for _ in range(8)))
    assert decoding() == 1
    assert 1 < most <= 4


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_has_a_size(form: str) -> None:
    """The largest that cameras make are taken, wider ones are not decoded."""
    with Image.open(BytesIO(clean_picture(picture(7680, 2160, form)))) as small:
        assert small.size == (320, 90)
    with pytest.raises(SourceError, match="frigate_broken_answer"):
        clean_picture(picture(8000, 2160, form))


@pytest.mark.parametrize(("boxes", "whole"), [(10_000, True), (70_000, False)])
def test_a_clip_has_so_many_boxes(tmp_path: Path, boxes: int, whole: bool) -> None:
    """Two for each key frame; of the smallest there are, a disk could hold any."""
    clip = tmp_path / "clip.mp4"
    head = b"".join(struct.pack(">I4s", 8, kind) for kind in (b"ftyp", b"moov"))
    clip.write_bytes(head + struct.pack(">I4s", 8, b"mdat") * boxes)
    assert is_whole(clip) is whole


@pytest.mark.parametrize(("said", "most"), [(0.0, 2**26), (100.0, 600 * 2**20)])
async def test_a_clip_is_no_larger_than_frigate_said(
    frigate: StandIn,
    bring: Bring,
    monkeypatch: pytest.MonkeyPatch,
    said: float,
    most: int,
) -> None:
    """Twice that, or little: whatever room there is."""
    asked: list[int] = []

    async def brought(*_: Any, max_bytes: int, **__: Any) -> int:
        asked.append(max_bytes)
        return 0

    listed = Row.listed
    monkeypatch.setattr(
        Row, "listed", lambda row: {**listed(row), "segment_size": said}
    )
    monkeypatch.setattr(frigate_source, "async_bring_clip", brought)
    await bring(15, 35, max_bytes=2**33)
    assert asked == [most]
