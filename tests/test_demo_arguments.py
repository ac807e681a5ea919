"""What the demo is told on its command line, before it does anything."""

import argparse
from pathlib import Path

import pytest

from script.demo_world import __main__ as demo


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    """The demo clears out what it finds: only where it has been before."""
    theirs = tmp_path / "home" / "precious.txt"
    theirs.parent.mkdir()
    theirs.write_text("mine")
    with pytest.raises(SystemExit, match="wants an empty folder"):  # noqa: SIM117
        with demo._own_folder(tmp_path):
            pass
    assert theirs.read_text() == "mine"
    assert [each.name for each in tmp_path.iterdir()] == ["home"]


def test_a_folder_of_its_own_is_used_again_by_one_at_a_time(tmp_path: Path) -> None:
    """New, then as the demo left it; a second copy is told that it is in use."""
    wanted = tmp_path / "new"
    for _ in range(2):
        with demo._own_folder(wanted) as (folder, media, number):
            assert (folder, media, number) == (wanted, wanted / "recordings", 0)
            (folder / "home").mkdir(exist_ok=True)
            with pytest.raises(SystemExit, match="in use"):  # noqa: SIM117
                with demo._own_folder(wanted):
                    pass


@pytest.mark.parametrize("text", ["0", "80", "65536", "99999", "-1", "http"])
def test_a_port_that_is_none(text: str) -> None:
    """It is told at once, not by a traceback minutes later."""
    with pytest.raises((argparse.ArgumentTypeError, ValueError)):
        demo._port(text)
    assert demo._port("18130") == 18130


def test_a_file_that_could_not_be_written_in_the_end(tmp_path: Path) -> None:
    """Neither a folder, nor one in a folder that is not there."""
    for file in (tmp_path, tmp_path / "missing" / "demo.json"):
        with pytest.raises(argparse.ArgumentTypeError):
            demo._file(str(file))
    assert demo._file(str(tmp_path / "demo.json")) == tmp_path / "demo.json"
