"""Values to JSON and back."""

from datetime import UTC, datetime, timedelta, timezone
import json

import pytest

from custom_components.clip_consent.core.models import Camera, Case
from custom_components.clip_consent.core.serial import (
    canonical,
    dump,
    load,
    utc_text,
    utc_time,
)

from .cases import CAMERAS, GARDEN, NOW, consented, waiting


def test_cases_survive_json() -> None:
    """Everything that is saved comes back as it was."""
    for case in (waiting(), consented()):
        assert load(Case, json.loads(json.dumps(dump(case)))) == case
    assert load(Camera, dump(CAMERAS[GARDEN])) == CAMERAS[GARDEN]


def test_rows_of_an_older_version_load() -> None:
    """A field that was not there yet takes its default."""
    data = dump(waiting())
    assert isinstance(data, dict)
    del data["prompt_due"]
    assert load(Case, data).prompt_due is False


def test_times_are_utc() -> None:
    """Whole milliseconds or seconds, with Z."""
    east = timezone(timedelta(hours=2))
    assert utc_text(datetime(2026, 1, 1, 2, tzinfo=east)) == "2026-01-01T00:00:00Z"
    assert utc_text(NOW + timedelta(milliseconds=5)) == "2026-11-23T12:00:00.005Z"
    assert utc_text(NOW + timedelta(microseconds=5)) == "2026-11-23T12:00:00Z"
    assert utc_time("2026-01-01T02:00:00+02:00") == datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="offset"):
        utc_time("2026-01-01T02:00:00")


def test_canonical_form() -> None:
    """Keys sorted, no white space, UTF-8."""
    assert canonical({"b": 1, "a": ["ü", None]}) == '{"a":["ü",null],"b":1}'.encode()
    assert dump({"key": (1, 2)}) == {"key": [1, 2]}
