"""What a benchmark gives back, and the page that tells of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
import os
from pathlib import Path
import platform
import re
import subprocess
from typing import Final

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
_HEAD: Final = """\
# Benchmarks

Made by `script/benchmark`. Each figure is a ratio, or a difference, of two things
measured in the same run, one after the other, again and again; the medians count. They
are told, never asserted by a test: a busy machine may be slow, but the two are slow
together.

| what | against | wanted | measured | holds | figures | day |
|---|---|---|---|---|---|---|
"""
_FOOT: Final = """
The last run: {day}, on {cores} cores ({machine}) with {memory:.0f} GiB of memory and
{load:.1f} programs at work on average; Python {python}, Home Assistant {home}, ffmpeg
{ffmpeg}.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure, and what is wanted of it. `at_least` says that more is better."""

    what: str
    against: str
    wanted: float
    measured: float
    unit: str = "×"
    at_least: bool = False
    figures: str

    @property
    def holds(self) -> bool:
        """Whether it is as wanted."""
        if self.at_least:
            return self.measured >= self.wanted
        return self.measured <= self.wanted

    @property
    def bound(self) -> str:
        """Return what is wanted, in words."""
        return f"{'≥' if self.at_least else '≤'} {self.wanted:g} {self.unit}"

    def row(self) -> str:
        """Return its row of the page."""
        places = 3 if self.measured < 0.1 else 2
        measured = f"{self.measured:.{places}f} {self.unit}"
        held = "yes" if self.holds else "**no**"
        day = datetime.now(UTC).date().isoformat()
        cells = (self.what, self.against, self.bound, measured, held, self.figures, day)
        return f"| {' | '.join(cells)} |"


def write_page(measures: list[Measure]) -> None:
    """Write the page; what was not measured now stays as it was."""
    rows: dict[str, str] = {}
    if PAGE.exists():
        for line in PAGE.read_text(encoding="utf-8").splitlines():
            if match := re.match(r"\| (?!what \|)([^|-][^|]*) \|", line):
                rows[match[1]] = line
    rows |= {each.what: each.row() for each in measures}
    text = _HEAD + "".join(f"{rows[what]}\n" for what in rows) + _foot()
    PAGE.write_text(text, encoding="utf-8")


def _foot() -> str:
    """Return what this machine is, without its name."""
    from homeassistant.const import __version__

    said = subprocess.run(
        ["ffmpeg", "-version"], check=True, capture_output=True, text=True
    ).stdout
    return _FOOT.format(
        cores=os.cpu_count(),
        machine=platform.machine(),
        memory=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30,
        load=os.getloadavg()[1],
        python=platform.python_version(),
        home=__version__,
        ffmpeg=said.split()[2].partition("-")[0],
        day=datetime.now(UTC).date(),
    )
