"""What ffmpeg cut out and the disk lost the end of: there is no film of it."""

from pathlib import Path

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.remux import Section, write_film
from custom_components.clip_consent.home.media.verify import verify_film

from .recordings import ffmpeg


@pytest.mark.parametrize("lost", [0, 1, 500])
def test_a_file_that_ends_in_a_picture_makes_no_film(tmp_path: Path, lost: int) -> None:
    """Its boxes say how long it was: that is seen before anything of it is read."""
    cut = tmp_path / "cut.mp4"
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=size=320x192:rate=5", "-t", "2"),
        *("-c:v", "libx264", "-bf", "0", "-pix_fmt", "yuv420p"),
        *("-movflags", "+faststart", cut),
    )
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size - lost])

    film = tmp_path / "film.mp4"
    section = Section(path=cut, start=0.0, times=None, sizes=None)
    if lost:
        with pytest.raises(MediaError, match="draft_not_clean"):
            write_film(film, [section], 2.0, None)
        return
    write_film(film, [section], 2.0, None)
    assert verify_film(film, audio=False).frames == 10
