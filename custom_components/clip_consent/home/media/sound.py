"""Puts the sound of several recordings end to end, sample by sample."""

from collections.abc import Sequence
from pathlib import Path
import shutil
from typing import Final

from .cut import SOUND_RATE
from .plan import Part

_SAMPLE: Final = 2  # bytes, for each channel


def join_sound(
    folder: Path, parts: Sequence[tuple[Part, float]], channels: int
) -> None:
    """Make `sound.pcm` of each part's own, each just as long as its pictures.

    A part whose recording has less sound ends in silence.
    """
    begin = parts[0][0].start
    with (folder / "sound.pcm").open("xb") as whole:
        for part, seconds in parts:
            path = folder / f"{part.number}.pcm"
            end = round((part.start - begin + seconds) * SOUND_RATE)
            missing = end * _SAMPLE * channels - whole.tell()
            with path.open("r+b") as own:
                own.truncate(missing)
                shutil.copyfileobj(own, whole, 2**20)
            path.unlink()
