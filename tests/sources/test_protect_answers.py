"""What a console may answer: whatever is odd in it is left out, nothing breaks."""

from typing import Any, cast

import pytest

from custom_components.clip_consent.core.detections import Detection
from custom_components.clip_consent.home.sources.media_protect import (
    PAGE,
    ProtectFootage,
    Spot,
)

from .home import NOON, camera, span

FROM = NOON.timestamp() * 1000


class _Answering:
    """A console whose list of events a test makes up."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.asked = 0

    async def get_events_raw(self, **_: Any) -> Any:
        self.asked += 1
        return self.page


async def seen(
    monkeypatch: pytest.MonkeyPatch, console: _Answering
) -> tuple[Detection, ...]:
    """Return what is said of a minute from noon."""
    spot = Spot(
        entry_id="e", camera_id="c", stats=cast(Any, None), console=cast(Any, console)
    )
    footage = ProtectFootage(
        cast(Any, None),
        cast(Any, None),
        now=lambda: span(0, 60).end,
        clock=lambda: 0.0,
    )
    monkeypatch.setattr(footage, "spot", lambda _: spot)
    return await footage.async_detections(camera(), span(0, 60))


def event(**changes: Any) -> dict[str, Any]:
    """Return an event of two seconds."""
    whole = {"id": "1", "camera": "c", "type": "smartDetectZone"}
    return {**whole, "start": FROM, "end": FROM + 2000, **changes}


@pytest.mark.parametrize("start", [1e30, float("nan"), float("inf"), -1e30, "now", []])
async def test_moments_that_are_none(
    monkeypatch: pytest.MonkeyPatch, start: Any
) -> None:
    """Such an event is left out, and leads to no next page; its end is not known."""
    console = _Answering([event(start=start)] * PAGE)
    assert await seen(monkeypatch, console) == ()
    assert console.asked == 1
    (one,) = await seen(monkeypatch, _Answering([event(end=start)]))
    assert one.window == span(0, 60)


@pytest.mark.parametrize(
    ("types", "label"),
    [
        (["person"], "person"),
        (5, "smartDetectZone"),
        ("person", "smartDetectZone"),
        ({"person": 1}, "smartDetectZone"),
        (["p\u202eerson", "", "x" * 65, 7, None, []], "smartDetectZone"),
    ],
)
async def test_labels_that_are_none(
    monkeypatch: pytest.MonkeyPatch, types: Any, label: str
) -> None:
    """What is no plain text is not shown."""
    (one,) = await seen(monkeypatch, _Answering([event(smartDetectTypes=types)]))
    assert one == Detection(label=label, window=span(0, 2))


@pytest.mark.parametrize("kind", [None, 7, "", "a\u202eb", "x" * 65])
async def test_kinds_that_are_none(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    """Neither are they; nor is an event that is none."""
    console = _Answering([event(type=kind), 7, None, "x", []])
    assert await seen(monkeypatch, console) == ()
