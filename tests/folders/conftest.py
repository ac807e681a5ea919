"""What the tests of the folder source share."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from custom_components.clip_consent.home.sources.folder import FolderSource

from .recorder import Recorder, count_calls, make, recorder

__all__ = ["recorder"]  # a fixture, used by name


@pytest.fixture
async def source(recorder: Recorder, tmp_path: Path) -> AsyncIterator[FolderSource]:
    """Return a source that watches it, in a home on UTC."""
    source = make(recorder, tmp_path)
    yield source
    await source.async_close()


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the folders that are really listed, by path."""
    return count_calls(monkeypatch, "scandir")
