"""Answers in the shapes that real instances give, with values of our own.

None was to be had here. These are learnt from what is public: Frigate's own API and
its tests, the tests of its integration, and answers that people showed in issues. Each
test names where.
"""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.models import Window
from custom_components.clip_consent.home.sources.frigate_answers import (
    read_cameras,
    read_events,
    read_hours,
    read_ids,
    read_segments,
    read_version,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = NOON.timestamp()


def span(start: float, end: float) -> Window:
    """Return a window in seconds from noon."""
    return Window(
        start=NOON + timedelta(seconds=start), end=NOON + timedelta(seconds=end)
    )


def told(answer: object) -> bytes:
    """Return an answer as it comes."""
    return json.dumps(answer).encode()


def row(start: float, end: float, **other: Any) -> dict[str, Any]:
    """Return a recording, in the columns that `frigate/api/record.py` selects."""
    return {
        "id": f"{AT + start}-q7w2ez",
        "start_time": AT + start,
        "end_time": AT + end,
        "segment_size": 2.4,
        "motion": 31,
        "objects": 0,
        "duration": end - start,
        **other,
    }


@pytest.mark.parametrize(
    "odd",
    [
        {"motion": None, "objects": None},
        {"segment_size": 0},
        {"segment_size": 0.0, "motion": 100, "objects": 5},
        {"dBFS": -41},
        {"regions": 2},
    ],
)
def test_recordings(odd: dict[str, Any]) -> None:
    """`frigate/api/record.py`; Frigate's `test_http_media.py` for rows without a size.

    Columns that are null, 0, or that later versions add, are none of our business.
    """
    data = told([row(0, 10.033), row(10, 20, **odd), row(20, 29.9)])
    found = read_segments(data, span(0, 60))
    assert [(one.start - AT, round(one.seconds, 3)) for one in found] == [
        (0, 10.033),
        (10, 10),
        (20, 9.9),
    ]
    assert len(read_ids(data)) == 3


@pytest.mark.parametrize(
    ("start", "end", "is_in"),
    [
        (-599, -1, False),
        (-10, 0, True),
        (-599.5, 0.25, True),
        (0, 10, True),
        (20, 80, True),
        (-20, 120, True),
        (95, 105, True),
        (100, 110, True),
        (101, 110, False),
    ],
)
def test_which_recordings_touch_a_window(start: float, end: float, is_in: bool) -> None:
    """`RANGE_CASES` of Frigate's `test_http_media.py`: both borders belong to it.

    A segment may be as long as ten minutes (`MAX_SEGMENT_DURATION`).
    """
    found = read_segments(told([row(start, end)]), span(0, 100))
    assert len(found) == is_in


def test_hours_of_which_something_is_there() -> None:
    """`recordings_summary` in `frigate/api/record.py`: days and hours, newest first.

    In 0.17 sums of motion and objects may be null, and a day may come twice where a
    period of one offset ends.
    """
    hour = {"events": 0, "motion": None, "objects": None, "duration": 3600}
    days = [
        {"day": "2026-11-23", "events": 3, "hours": [{"hour": "11", **hour}]},
        {
            "day": "2026-11-22",
            "events": 0,
            "hours": [{"hour": "23", **hour}, {"hour": "00", **hour}],
        },
        {"day": "2026-11-22", "events": 0, "hours": [{"hour": "07", **hour}]},
    ]
    assert [f"{at:%d %H}" for at in read_hours(told(days))] == [
        "22 00",
        "22 07",
        "22 23",
        "23 11",
    ]
    assert read_hours(told([])) == []


def test_the_summary_of_all_cameras_is_none_of_one() -> None:
    """`/api/recordings/summary` of 0.17 (`test_http_media.py`) is another answer.

    It tells days alone, as keys. Who answers that at a camera's path is not believed.
    """
    with pytest.raises(SourceError, match="frigate_broken_answer"):
        read_hours(told({"2026-11-22": True, "2026-11-23": True}))


def test_events_of_early_versions() -> None:
    """`tests/fixtures/events_front_door.json` of frigate-hass-integration."""
    event = {
        "camera": "gate",
        "start_time": AT + 20.185623,
        "end_time": AT + 38.79827,
        "false_positive": False,
        "has_clip": True,
        "has_snapshot": False,
        "id": f"{AT + 20.185623}-u3k8xb",
        "label": "person",
        "top_score": 0.7421875,
        "zones": ["path"],
    }
    (one,) = read_events(told([event]), span(0, 60))
    assert (one.label, round(one.window.seconds, 3)) == ("person", 18.613)


def test_events_of_later_versions() -> None:
    """Issues 8632 and 9764 of blakeblackshear/frigate show whole answers.

    Much of it is null; an event is named by when it was seen, and begins some seconds
    before; what goes on still has no end.
    """
    event = {
        "box": None,
        "camera": "gate",
        "data": {
            "attributes": [],
            "box": [0.31, 0.52, 0.04, 0.13],
            "region": [0.25, 0.44, 0.2, 0.31],
            "score": 0.8125,
            "top_score": 0.84375,
            "type": "object",
        },
        "end_time": AT + 31.420568,
        "false_positive": None,
        "has_clip": True,
        "has_snapshot": True,
        "id": f"{AT + 10.909669}-p4m9ty",
        "label": "car",
        "plus_id": None,
        "retain_indefinitely": False,
        "start_time": AT + 5.909669,
        "sub_label": None,
        "top_score": None,
        "zones": [],
    }
    sound = {**event, "label": "bark", "data": {"type": "audio", "score": 0.7}}
    going_on = {**event, "label": "dog", "end_time": None}
    found = read_events(told([event, sound, going_on]), span(0, 60))
    assert [one.label for one in found] == ["bark", "car", "dog"]
    assert [round(one.window.seconds, 2) for one in found] == [25.51, 25.51, 54.09]


def kept(**record: Any) -> tuple[bool, float]:
    """Return whether a camera records, and for how many days everything is kept."""
    config = {"cameras": {"gate": {"name": "gate", "record": record}}}
    one = read_cameras(told({**config, "mqtt": {"client_id": "frigate"}}))["gate"]
    return one.records, one.days


def test_what_cameras_keep() -> None:
    """`frigate/config/camera/record.py` of 0.17; pull request 254 of the integration.

    And `tests/__init__.py` of the integration, for a section of before all that.
    """
    events = {"pre_capture": 5, "post_capture": 5, "retain": {"default": 2.0}}
    alerts = {"pre_capture": 5, "post_capture": 5, "retain": {"days": 10.0}}
    preview = {"preview": {"quality": "medium"}, "export": {"hwaccel_args": "auto"}}
    common = {"enabled": True, "expire_interval": 60, "enabled_in_config": True}
    assert kept(
        **common, events=events, retain={"days": 3.0, "mode": "all"}, retain_days=None
    ) == (True, 3.0)
    assert kept(
        **common, **preview, alerts=alerts, retain={"days": 7, "mode": "motion"}
    ) == (True, 0.0)
    assert kept(
        **common,
        **preview,
        alerts=alerts,
        detections=alerts,
        continuous={"days": 0.5},
        motion={"days": 14.0},
    ) == (True, 0.5)
    # switched off for now, though its file says otherwise
    off = {**common, "enabled": False}
    assert kept(**off, continuous={"days": 1.0}) == (False, 1.0)
    assert kept(enabled=False, retain_days=30) == (False, 0.0)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0.14.1-2f1cb5a", "0.14"),
        ("0.16.0-c2f8de8", "0.16"),
        ("0.17.0-beta2", "0.17"),
        ("0.18.0-0d9d1d7", "0.18"),
    ],
)
def test_versions(version: str, said: str) -> None:
    """Issues name them as two numbers, a third and a commit: 9188, 5025."""
    assert read_version(version.encode()) == said


@pytest.mark.parametrize(
    "version", ["0.12.0-1ab92f0", "0.13.0-5C814D2", "0.8.4-19af6d"]
)
def test_versions_of_before(version: str) -> None:
    """As issues 5025 and 9188, and the integration's `tests/__init__.py`, show them."""
    with pytest.raises(SourceError, match="frigate_too_old"):
        read_version(version.encode())
