"""The table of docs/sources.md, "Codecs and containers", is what was measured here.

`CLIP_CONSENT_WRITE_TABLE=1` writes it anew instead; the last column is measured by
tests/e2e/test_codecs_played.py.
"""

import os
from pathlib import Path
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.models import Draft

from .codec_files import KINDS, Kind, file_of
from .codec_table import NOT_MEASURED, read_table, write_row
from .drafting import Drafting, span
from .recordings import RATE, ffmpeg, numbers, sound_of

_ASKED: Final = (3.3, 7.5)
_FRAME: Final = 1 / RATE + 0.001
_WRITE: Final = bool(os.environ.get("CLIP_CONSENT_WRITE_TABLE"))


async def drafted(
    drafting: Drafting, path: Path, *, exact: bool = False, playable: bool = False
) -> Draft | str:
    """Return a draft, verified as all are, or the code of why there is none."""
    try:
        return await drafting(path, *_ASKED, exact=exact, playable=playable, audio=True)
    except MediaError as err:
        return err.code


def upright(film: Path) -> list[int]:
    """Return the numbers of a film's pictures, not turned."""
    straight = film.with_suffix(".nut")
    ffmpeg("-noautorotate", "-i", film, "-an", "-c:v", "rawvideo", straight)
    return numbers(straight)


def late(kind: Kind) -> int:
    """Return by how many pictures the file itself is late.

    ffmpeg writes an empty one behind the first into an AVI of MPEG-4 with sound.
    """
    return int((kind.container, kind.pictures) == ("AVI", "MPEG-4 part 2"))


def check_times(drafting: Drafting, draft: Draft, kind: Kind) -> None:
    """Require that the pictures tell the times that the draft states, to a frame."""
    film = drafting.file(draft)
    shown = upright_of(film, kind, draft)
    assert shown == list(range(shown[0], shown[0] + len(shown)))
    start, end = span(draft)
    assert shown[0] / RATE == pytest.approx(start, abs=_FRAME)
    assert (shown[-1] + 1) / RATE == pytest.approx(end, abs=_FRAME)
    if "starts_at_key_frame" in draft.changes:  # each of Motion JPEG's is one
        assert shown[0] == (82 if kind.pictures == "MJPEG" else 50)
    else:  # the first picture at or after what was asked
        assert shown[0] == 83 - late(kind)
    assert draft.audio is (kind.sound != "none")
    if draft.audio:
        # MP3 sounds lean on the ones before, which the decoder was not given.
        assert all(end < 0.1 for _, end in sound_of(film))
        assert kind.sound == "MP3" or not sound_of(film)


def upright_of(film: Path, kind: Kind, draft: Draft) -> list[int]:
    """Return the numbers that a film shows, however it is turned."""
    if not kind.turned:
        return numbers(film)
    if draft.changes[0] == "stream_copy":
        return upright(film)
    back = film.with_suffix(".back.nut")
    ffmpeg("-i", film, "-an", "-vf", "transpose=clock", "-c:v", "rawvideo", back)
    return numbers(back)


def said(draft: Draft | str) -> str:
    """Return how the table tells of a draft."""
    if isinstance(draft, str):
        return {"needs_playable_copy": "no: make a playable copy"}.get(draft, draft)
    if draft.changes[0] == "re_encoded":
        return "all encoded anew"
    return "start encoded anew" if "start_re_encoded" in draft.changes else "copied"


@pytest.mark.parametrize(
    "kind", KINDS, ids=lambda kind: f"{kind[0]} {kind[1]} {kind[2]}"
)
async def test_a_row_of_the_table(drafting: Drafting, kind: Kind) -> None:
    """Drafted in all ways; each tells the truth of its time and is as the table says."""
    path = file_of(drafting.recordings, kind)
    copy = await drafted(drafting, path)
    exact = await drafted(drafting, path, exact=True)
    playable = await drafted(drafting, path, playable=True)
    for draft in (copy, exact, playable):
        if isinstance(draft, Draft):
            check_times(drafting, draft, kind)
    assert isinstance(exact, Draft)
    assert isinstance(playable, Draft)
    sound = "AAC" if playable.audio else "none"
    row = (*kind[:3], said(copy), said(exact), said(playable), sound)
    if _WRITE:
        write_row(row)
    table = read_table()
    assert table[kind[:3]][:-1] == row
    assert table[kind[:3]][-1] != NOT_MEASURED


def test_the_table_has_a_row_for_each() -> None:
    """None is listed that is not made here, and they are in the same order."""
    assert list(read_table()) == [kind[:3] for kind in KINDS]
