"""The folder of drafts, and the ffmpeg that fills it, when things go wrong."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
import errno
import hashlib
import os
from pathlib import Path
import shutil
import time
from typing import Any

import pytest

from custom_components.clip_consent.base.durable import make_folder
from custom_components.clip_consent.base.threads import async_in_thread
from custom_components.clip_consent.core.errors import (
    MediaError,
    NotFoundError,
    StoreError,
)
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.home.media import (
    Media,
    ffmpeg as running,
    folder as drafts_folder,
)
from custom_components.clip_consent.home.media.ffmpeg import Ffmpeg

from .drafting import CASE, Drafting, choice
from .recordings import ffmpeg

OTHER = "a" * 26


def script(path: Path, text: str) -> str:
    """Write a program and return its path."""
    path.write_text(f"#!/bin/bash\n{text}\n")
    path.chmod(0o755)
    return str(path)


async def test_an_answer_in_words_is_a_draft(drafting: Drafting) -> None:
    """To the byte what was written; approved, sealed and removed as a film is."""
    words = replace(choice(1, 2), text="Nothing was recorded, sorry. 🚲")
    draft = await drafting.media.async_answer(case_id=CASE, choice=words)
    data = "Nothing was recorded, sorry. 🚲".encode()
    assert drafting.file(draft).read_bytes() == data
    assert draft.sha256 == hashlib.sha256(data).hexdigest()
    assert (draft.media_type, draft.size) == ("text/plain", len(data))
    assert await drafting.media.async_digest(CASE, draft) == draft.sha256
    assert drafting.file(draft).stat().st_mode & 0o777 == 0o600
    for text in (None, "", " \n ", "x" * 2001):
        with pytest.raises(MediaError, match="answer_not_sendable"):
            await drafting.media.async_answer(
                case_id=CASE, choice=replace(words, text=text)
            )


async def test_lengths_of_recordings(drafting: Drafting, tmp_path: Path) -> None:
    """A source asks for them; what does not say is still being written."""
    length = drafting.media.async_length
    assert await length(str(drafting.recordings["silent.mp4"])) == pytest.approx(12.0)
    live = tmp_path / "live.mkv"
    source = drafting.recordings["silent.mp4"]
    live.write_bytes(ffmpeg("-i", source, "-c", "copy", "-f", "matroska", "-"))
    for path, code in (
        (drafting.recordings["growing.mp4"], "recording_unfinished"),
        (live, "recording_unfinished"),
        (tmp_path / ("x" * 300), "recording_unreadable"),
        (Path("odd\0name"), "recording_unreadable"),
    ):
        with pytest.raises(MediaError, match=code):
            await length(str(path))


async def test_room_is_asked_for_first(drafting: Drafting, tmp_path: Path) -> None:
    """Over the quota or into the reserve nothing is written, and nothing is left."""
    drafting.recordings["silent.mp4"]
    for limits in ({"quota": 2**20}, {"reserve": 2**60}):
        full = Drafting(drafting.recordings, tmp_path / "full")
        full.media = Media(ffmpeg="ffmpeg", folder=full.folder, **limits)
        with pytest.raises(MediaError, match="disk_full"):
            await full("silent.mp4", 1.0, 2.0)
        assert not list(full.folder.rglob("*"))
    words = replace(choice(1, 2), text="word")
    with pytest.raises(MediaError, match="disk_full"):
        await full.media.async_answer(case_id=CASE, choice=words)
    assert not list(full.folder.rglob("*"))


async def test_a_full_disk_is_told_apart_from_a_broken_one(
    drafting: Drafting, tmp_path: Path
) -> None:
    """The owner can mend the one, not the other. An ffmpeg's own word counts too."""
    blocked = Drafting(drafting.recordings, tmp_path / "blocked")
    blocked.folder.write_text("a file where the folder should be")
    with pytest.raises(MediaError, match="draft_folder_failed"):
        await blocked("silent.mp4", 1.0, 2.0)
    full = script(
        tmp_path / "full", 'echo "x.mp4: No space left on device" >&2; exit 1'
    )
    other = Drafting(drafting.recordings, tmp_path / "drafts", full)
    with pytest.raises(MediaError, match="disk_full"):
        await other("silent.mp4", 1.0, 2.0)
    strange = script(tmp_path / "strange", 'echo "Segmentation fault" >&2; exit 139')
    other = Drafting(drafting.recordings, tmp_path / "drafts", strange)
    with pytest.raises(MediaError, match="media_failed"):
        await other("silent.mp4", 1.0, 2.0)


@pytest.mark.parametrize(
    ("case_id", "name"),
    [
        (CASE, "../secret.mp4"),
        (CASE, "0" * 64 + ".exe"),
        (CASE, f"{OTHER}/{'0' * 64}.mp4"),
        ("..", "0" * 64 + ".mp4"),
        (CASE + "/..", "0" * 64 + ".mp4"),
        (CASE.upper(), "0" * 64 + ".mp4"),
    ],
)
def test_no_other_name_is_a_path(drafting: Drafting, case_id: str, name: str) -> None:
    """G8: what others write never leads anywhere on the disk."""
    with pytest.raises(NotFoundError):
        drafting.media.path(case_id, name)


async def test_a_case_that_is_none_has_no_folder(drafting: Drafting) -> None:
    """Nothing is made or removed by a name that is not a case's."""
    with pytest.raises(NotFoundError):
        await drafting("silent.mp4", 1.0, 2.0, case_id="..")
    with pytest.raises(NotFoundError):
        await drafting.media.async_remove_case("../drafts")


async def test_links_are_not_followed(drafting: Drafting, tmp_path: Path) -> None:
    """A link where a draft should be is not the draft, nor is a pipe or a folder."""
    draft = await drafting("silent.mp4", 1.0, 2.0)
    path, kept = drafting.file(draft), tmp_path / "kept.mp4"
    with drafting.media.open_draft(CASE, draft) as file:
        assert hashlib.sha256(file.read()).hexdigest() == draft.sha256
    assert drafting.media.path(CASE, draft.file) == path
    path.rename(kept)
    assert await drafting.media.async_digest(CASE, draft) is None
    makers: list[Callable[[], object]] = [
        lambda: path.symlink_to(kept),
        lambda: os.mkfifo(path),
        path.mkdir,
    ]
    for make in makers:
        make()
        assert await drafting.media.async_digest(CASE, draft) is None
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    shutil.rmtree(drafting.folder / CASE)
    (tmp_path / "elsewhere").mkdir()
    kept.rename(tmp_path / "elsewhere" / path.name)
    (drafting.folder / CASE).symlink_to(tmp_path / "elsewhere")
    assert await drafting.media.async_digest(CASE, draft) is None


async def test_drafts_go_with_their_case(drafting: Drafting, tmp_path: Path) -> None:
    """And what a crash left goes at the next start; what is kept is untouched."""
    draft = await drafting("silent.mp4", 1.0, 2.0)
    await drafting("silent.mp4", 1.0, 2.0, case_id=OTHER)
    kept = {path: path.read_bytes() for path in (drafting.folder / CASE).iterdir()}
    (drafting.folder / CASE / ".work-0123").mkdir()
    (drafting.folder / CASE / ".work-0123" / "0.mp4").touch()
    (drafting.folder / CASE / "stray.part").touch()
    (drafting.folder / "stray").touch()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine").touch()
    (drafting.folder / "link").symlink_to(outside)
    (drafting.folder / CASE / "link").symlink_to(outside)
    await Media(ffmpeg="ffmpeg", folder=drafting.folder).async_clean({CASE})
    assert [path.name for path in drafting.folder.iterdir()] == [CASE]
    assert {p: p.read_bytes() for p in (drafting.folder / CASE).iterdir()} == kept
    assert list(outside.iterdir())
    await drafting.media.async_remove_case(CASE)
    assert await drafting.media.async_digest(CASE, draft) is None
    await Media(ffmpeg="ffmpeg", folder=tmp_path / "never").async_clean(set())


@pytest.mark.parametrize(
    ("arguments", "memory"),
    [
        ([], 272 * 1024),
        (["-c:v", "copy"], 272 * 1024),
        (["-c:v", "libx264"], 640 * 1024),
        (["-filter_complex", "split"], 640 * 1024),
    ],
)
async def test_ffmpeg_is_niced_and_limited(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    memory: int,
) -> None:
    """It yields to everything else, cannot take all memory, and leaves no core.

    From its first moment on, however late we get to it. Its place in the line is read
    from the system, not from what it says itself.
    """
    limited = running._limit

    def late(*about: Any) -> None:
        time.sleep(0.3)
        limited(*about)

    monkeypatch.setattr(running, "_limit", late)
    binary = script(tmp_path / "limits", "ulimit -d; ulimit -c; cat /proc/$$/stat; cat")
    run = await Ffmpeg(binary).async_run(arguments, seconds=60)
    data, core, status = run.output.decode().split("\n", 2)
    assert (data, core) == (str(memory), "0")
    fields = status.rpartition(")")[2].split()
    assert int(fields[16]) == min(os.nice(0) + 10, 19)


async def test_lower_limits_of_the_machine_stay() -> None:
    """Where the owner allows programs less than we would, that is what counts."""
    child = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        "ulimit -d 65536; echo; read; ulimit -Hd; ulimit -Hc; ulimit -Hf",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout
    await child.stdout.readline()
    running._limit(child.pid, 2**31, 2**20)
    output, _ = await child.communicate(b"\n")
    assert output.split() == [b"65536", b"0", b"1024"]
    running._limit(child.pid, 2**31, None)  # one that has ended has none


async def test_a_flood_of_output_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recording that makes ffmpeg talk without end costs no memory."""
    monkeypatch.setattr(running, "_MAX_OUTPUT", 1000)
    monkeypatch.setattr(running, "_MAX_LOG", 100)
    binary = script(tmp_path / "flood", "yes | head -c 300000; yes | head -c 9999 >&2")
    run = await Ffmpeg(binary).async_run([], seconds=60)
    assert (run.ok, len(run.output), len(run.log)) == (True, 1000, 100)


async def test_without_nice_it_runs_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image without that tool is no reason to make no drafts."""
    binary = script(tmp_path / "plain", "echo done")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(running.shutil, "which", {binary: binary}.get)
    run = await Ffmpeg(binary).async_run([], seconds=60)
    assert run.output == b"done\n"


@pytest.mark.parametrize("step", ["list", "cut"])
async def test_a_draft_that_hangs_is_given_up(
    drafting: Drafting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Wherever ffmpeg hangs, the job ends with a clear error and leaves nothing."""
    drafting.recordings["silent.mp4"]
    monkeypatch.setattr(running, "_PATIENCE", 1.0)
    wanted = {"list": "framecrc", "cut": "make_zero"}[step]
    binary = script(
        tmp_path / "hang",
        f'[[ "$*" == *{wanted}* ]] && exec sleep 600\nexec ffmpeg "$@"',
    )
    slow = Drafting(drafting.recordings, drafting.folder, binary)
    with pytest.raises(MediaError, match="media_timeout"):
        await slow("silent.mp4", 1.0, 1.5)
    assert not list(drafting.folder.rglob("*"))


async def test_previews_that_fail_fail_the_draft(
    drafting: Drafting, tmp_path: Path
) -> None:
    """An owner never has to approve what cannot be shown."""
    for number, trick in enumerate(("exit 1", "exit 0", "touch still.jpg sheet.jpg")):
        binary = script(
            tmp_path / f"blind{number}",
            f'if [[ "$*" == *still.jpg* ]]; then {trick}; exit; fi\nexec ffmpeg "$@"',
        )
        blind = Drafting(drafting.recordings, drafting.folder, binary)
        with pytest.raises(MediaError, match="recording_unreadable"):
            await blind("silent.mp4", 1.0, 2.0)
        assert not list(drafting.folder.rglob("*"))


@pytest.mark.parametrize(
    "trick",
    [
        "cat other.mp4 > 0.mp4",  # another number of pictures
        ": > 0.mp4",
        "head -c 700 other.mp4 > 0.mp4",
    ],
)
async def test_cuts_that_are_not_what_was_asked_for(
    drafting: Drafting, tmp_path: Path, trick: str
) -> None:
    """An ffmpeg that gives other pictures than those listed makes no draft."""
    other = drafting.recordings["silent.mp4"]
    binary = script(
        tmp_path / "wrong",
        f'if [[ "$*" == *make_zero* ]]; then {trick.replace("other.mp4", str(other))};'
        ' exit 0; fi\nexec ffmpeg "$@"',
    )
    wrong = Drafting(drafting.recordings, drafting.folder, binary)
    with pytest.raises(MediaError) as caught:
        await wrong("silent.mp4", 1.0, 2.0)
    refused = {"media_failed", "needs_playable_copy", "draft_not_clean"}
    assert caught.value.code in refused
    assert not list(drafting.folder.rglob("*"))


async def test_cancelled_work_in_a_thread_is_over_before_the_caller_is() -> None:
    """Files are not taken away under it."""
    begun, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    done: list[int] = []

    def work() -> None:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result()
        done.append(1)

    task = asyncio.create_task(async_in_thread(work))
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == [1]


@pytest.mark.parametrize(
    ("number", "there"),
    [
        (errno.ENOENT, False),
        (errno.ELOOP, False),
        (errno.EIO, True),
        (errno.EMFILE, True),
    ],
)
async def test_a_disk_that_stumbles_is_told_from_a_draft_that_is_gone(
    drafting: Drafting, monkeypatch: pytest.MonkeyPatch, number: int, there: bool
) -> None:
    """Only what is not there, or is another thing, voids an offer."""
    draft = await drafting("silent.mp4", 1, 2)

    def fail(*_: object, **__: object) -> int:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "open", fail)
    if there:
        with pytest.raises(StoreError, match="draft_unreadable"):
            await drafting.media.async_digest(CASE, draft)
    else:
        assert await drafting.media.async_digest(CASE, draft) is None


async def test_of_a_case_only_some_drafts_are_kept(drafting: Drafting) -> None:
    """The films that are named stay, with their pictures and originals; others go."""
    region = Region(left=0, top=0, right=5000, bottom=5000)
    old = await drafting("silent.mp4", 1.0, 2.0, masks=(region,))
    new = await drafting("silent.mp4", 5.0, 6.0, masks=(region,))
    other = await drafting("silent.mp4", 1.0, 2.0, case_id=OTHER)
    assert old.original
    assert new.original
    folder = drafting.folder / CASE
    stray = folder / "stray.txt"
    stray.touch()
    before = {path.name for path in folder.iterdir()}
    gone = {name for name in before if name[:64] in (old.sha256, old.original)}
    assert len(gone) == 4
    keep = frozenset({new.sha256, new.original})
    for _ in range(2):  # doing it again changes nothing
        await drafting.media.async_keep_only(CASE, keep)
        assert {path.name for path in folder.iterdir()} == before - gone
    assert drafting.file(other).exists()
    await drafting.media.async_keep_only("b" * 26, keep)  # of which there is none


async def test_work_that_ends_takes_no_other_work_along(
    drafting: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its case's folder goes with it if it is empty, at whatever moment that is."""
    media, makes = drafting.media, 0

    def make(place: Path) -> None:
        nonlocal makes
        makes += 1
        make_folder(place)
        if makes == 1:
            place.rmdir()

    with monkeypatch.context() as patch:
        patch.setattr(drafts_folder, "make_folder", make)
        words = replace(choice(1, 2), text="word")
        draft = await media.async_answer(case_id=CASE, choice=words)
    assert makes == 2
    assert drafting.file(draft).read_bytes() == b"word"


async def test_a_link_is_no_recording(drafting: Drafting, tmp_path: Path) -> None:
    """What was found as a file may be one as it is opened."""
    link = tmp_path / "found.mp4"
    link.symlink_to(drafting.recordings["silent.mp4"])
    with pytest.raises(MediaError, match="recording_unreadable"):
        await drafting(link, 1.0, 2.0)
    with pytest.raises(MediaError, match="recording_unreadable"):
        await drafting.media.async_probe(str(link))
