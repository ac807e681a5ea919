"""Reading times from paths, for the tests of names."""

from datetime import UTC, datetime

from custom_components.clip_consent.home.sources.naming import Naming, naming_of

AMSTERDAM = "Europe/Amsterdam"
NOON = datetime(2026, 11, 20, 12, 34, 56, tzinfo=UTC)


def naming(preset: str = "custom", pattern: str = "", **source: str) -> Naming:
    """Return a naming in UTC, if nothing else is said."""
    return naming_of({"naming": preset, "pattern": pattern, **source}, "UTC")


def read(preset: str, path: str, **source: str) -> datetime | None:
    """Return the time that a path tells."""
    times = naming(preset, **source).times(path)
    return datetime.fromtimestamp(times[0], UTC) if times else None
