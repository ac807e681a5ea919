"""Recordings that are fetched only to learn how long they are."""

from pathlib import Path
import shutil
from typing import NamedTuple
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.home.sources import media_example
from custom_components.clip_consent.home.sources.media import HomeMedia

from .toy import add_toy


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


async def test_what_a_crash_left_is_removed(
    home: HomeAssistant, media: HomeMedia
) -> None:
    """At the start, since it is footage; what is being fetched stays."""
    cache = Path(home.config.cache_path("clip_consent"))
    left = cache / "example-left"
    left.mkdir(parents=True)
    (left / "film").write_bytes(b"film")
    (cache / "drafts").mkdir()
    async with media_example.example_file(home) as (file, _):
        await media.async_keep([])
        assert file.parent.is_dir()
        assert not left.exists()
        assert (cache / "drafts").is_dir()
    assert not file.parent.exists()
    assert not media_example._AT_WORK


async def test_no_more_than_there_is_room_for(
    home: HomeAssistant, media: HomeMedia, film: Path
) -> None:
    """A large film is not fetched for its length, nor any film on a full disk."""
    add_toy(home, {"film": film.read_bytes()})
    assert await media.async_length("media-source://toy/film") == pytest.approx(120)

    async def problem() -> str:
        with pytest.raises(SourceError) as caught:
            await media.async_length("media-source://toy/film")
        return caught.value.code

    with patch.object(media_example, "LARGEST", 1000):
        assert await problem() == "media_too_large"
    for free, code in (
        (media_example.RESERVE, "media_no_room"),
        (media_example.RESERVE + 1000, "media_too_large"),
    ):
        usage = _Usage(2**40, 2**40 - free, free)
        with patch.object(shutil, "disk_usage", return_value=usage):
            assert await problem() == code
    with patch.object(media_example, "TemporaryDirectory", side_effect=OSError):
        assert await problem() == "media_no_room"
    assert not list(Path(home.config.cache_path("clip_consent")).iterdir())
