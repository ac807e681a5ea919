"""A file that is there whole and synced, or not at all, whatever fails."""

from collections.abc import Callable
import errno
import os
from pathlib import Path
import stat

import pytest

from custom_components.clip_consent.base.durable import durable_file, make_folder
from custom_components.clip_consent.core.errors import SealError, StoreError

CALLS = ("open", "write", "fsync", "rename")


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(file.name for file in folder.iterdir())


def save(path: Path, *pieces: bytes) -> None:
    """Write a file as the product does."""
    with durable_file(path) as write:
        for piece in pieces:
            write(piece)


def test_it_is_there_and_only_for_us(tmp_path: Path) -> None:
    """Whole, private, and nothing beside it."""
    save(tmp_path / "a.age", b"one", b"", b"two")
    assert (tmp_path / "a.age").read_bytes() == b"onetwo"
    assert stat.S_IMODE((tmp_path / "a.age").stat().st_mode) == 0o600
    assert names(tmp_path) == ["a.age"]


def test_everything_is_synced_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File, then name, then the folder that holds the name."""
    calls: list[str] = []

    def noting(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            note = name
            if name == "fsync":
                mode = os.fstat(int(str(args[0]))).st_mode
                note += " folder" if stat.S_ISDIR(mode) else " file"
            calls.append(note)
            return real(*args, **named)

        return call

    for name in ("write", "fsync", "rename"):
        monkeypatch.setattr(os, name, noting(name, getattr(os, name)))
    save(tmp_path / "a.age", b"one", b"two")
    assert calls == ["write", "write", "fsync file", "rename", "fsync folder"]


def test_short_writes_are_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may write less than it was given."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:3]))
    save(tmp_path / "a.age", b"0123456789")
    assert (tmp_path / "a.age").read_bytes() == b"0123456789"


def failing(monkeypatch: pytest.MonkeyPatch, name: str, number: int, code: int) -> None:
    """Let the n-th call of a kind fail."""
    real, calls = getattr(os, name), [0]

    def call(*args: object, **named: object) -> object:
        calls[0] += 1
        if calls[0] == number:
            raise OSError(code, os.strerror(code))
        return real(*args, **named)

    monkeypatch.setattr(os, name, call)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "spool_full"),
        (errno.EDQUOT, "spool_full"),
        (errno.EIO, "spool_failed"),
        (errno.EROFS, "spool_failed"),
    ],
)
@pytest.mark.parametrize("name", CALLS)
def test_every_failure_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int, said: str
) -> None:
    """Each call of each kind fails once, on an empty place and on a used one."""
    made = {"open": 2, "write": 2, "fsync": 2, "rename": 1}[name]
    for number in range(1, made + 1):
        for before in (False, True):
            if before:
                save(tmp_path / "a.age", b"older")
            with monkeypatch.context() as patch:
                failing(patch, name, number, code)
                with pytest.raises(StoreError) as raised:
                    save(tmp_path / "a.age", b"one", b"two")
            assert raised.value.code == said
            # Where not even the folder opened, nothing in it could be touched.
            untouched = before and name == "open" and number == 1
            assert names(tmp_path) == (["a.age"] if untouched else [])
    with monkeypatch.context() as patch:
        failing(patch, name, made + 1, code)
        save(tmp_path / "a.age", b"one", b"two")
    assert (tmp_path / "a.age").read_bytes() == b"onetwo"


def test_what_a_crash_left_is_no_hindrance(tmp_path: Path) -> None:
    """A part of before is thrown away, not continued, and a link is not followed."""
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / ".a.age.part").symlink_to(target)
    save(tmp_path / "a.age", b"new")
    assert (tmp_path / "a.age").read_bytes() == b"new"
    assert not (tmp_path / "a.age").is_symlink()
    assert target.read_bytes() == b"precious"
    (tmp_path / ".a.age.part").write_bytes(b"half of it")
    save(tmp_path / "a.age", b"newer")
    assert (tmp_path / "a.age").read_bytes() == b"newer"


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """The folder must be one."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(StoreError) as raised:
        save(tmp_path / "link" / "a.age", b"x")
    assert raised.value.code == "spool_failed"
    assert names(tmp_path / "real") == []


@pytest.mark.parametrize("error", [SealError("draft_changed"), KeyboardInterrupt()])
def test_an_error_of_the_writer_goes_through(
    tmp_path: Path, error: BaseException
) -> None:
    """And leaves nothing either."""

    def interrupted() -> None:
        with durable_file(tmp_path / "a.age") as write:
            write(b"one")
            raise error

    with pytest.raises(type(error)):
        interrupted()
    assert names(tmp_path) == []


def test_new_folders_are_synced_into_those_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the top down, each for us alone; what was there is left as it is."""
    synced: list[str] = []
    sync = os.fsync

    def noting(file: int) -> None:
        synced.append(Path(f"/proc/self/fd/{file}").readlink().name)
        sync(file)

    monkeypatch.setattr(os, "fsync", noting)
    (tmp_path / "linked").symlink_to(tmp_path)
    make_folder(tmp_path / "linked" / "cache" / "spool")
    assert synced == [tmp_path.name, "cache"]
    assert stat.S_IMODE((tmp_path / "cache" / "spool").stat().st_mode) == 0o700
    make_folder(tmp_path / "cache" / "spool")
    assert len(synced) == 2


def test_a_folder_that_cannot_be_synced_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is put into it then."""

    def failing(file: int) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="no"):
        make_folder(tmp_path / "spool")
