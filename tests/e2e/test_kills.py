"""G4 durable, on a real Home Assistant: killed again and again while clips go out."""

from pathlib import Path

import pytest

from script.demo_world.soak import async_soak

KILLS = 30
SEED = 20261123


@pytest.mark.timeout(1200)
async def test_killed_thirty_times_it_keeps_every_promise(
    tmp_path: Path, pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    """K-04: no confirmed tap is lost, nothing doubled, nothing sent without one."""
    media = pytestconfig.rootpath / ".demo" / "recordings"
    tally = await async_soak(tmp_path, media, KILLS, SEED)
    with capsys.disabled():
        print(f"\nG4: {tally}", end="")  # noqa: T201  # a count to be seen
    assert tally.kills == KILLS
    assert tally.confirmed >= KILLS // 3
    assert sum(tally.arrived.values()) >= KILLS // 6
