"""The sound of a film: where each recording's own goes, sample by sample.

Recorders cut sound and picture at different places: what belongs to the last pictures
of one recording may stand at the beginning of the next, before its first picture and
often hidden there by an edit list. So of each recording but the first a lead is read
too, and what the one before is missing is taken from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import os
from pathlib import Path
import shutil
from typing import Final, Self

from .parts import Plan

RATE: Final = 48000
_LEAD: Final = 0.5  # seconds; no recorder's sound and picture are farther apart
_SAMPLE: Final = 2  # bytes, for each channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The sound of one recording, in samples of the film.

    `first` is where its lead begins, `last` where its last picture ends. `zero` is the
    time stamp of the film's first sample in its recording, in seconds.
    """

    number: int
    first: int
    last: int
    zero: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The sound of a film: a stretch of each recording that has some."""

    channels: int
    samples: int
    stretches: tuple[Stretch, ...]

    @classmethod
    def of(cls, plan: Plan, channels: Sequence[int]) -> Self | None:
        """Return a plan's sound, None if there is none. Recordings have `channels`."""
        stretches = [
            Stretch(
                number=part.number,
                first=round(max(part.start - _LEAD - plan.start, 0) * RATE),
                last=round((part.start - plan.start + seconds) * RATE),
                zero=plan.start + part.zero,
            )
            for part, seconds in plan.spans()
            if channels[part.number]
        ]
        if not stretches:
            return None
        return cls(
            channels=max(channels[each.number] for each in stretches),
            samples=round((plan.end - plan.start) * RATE),
            stretches=tuple(stretches),
        )

    @property
    def size(self) -> int:
        """Return how many bytes it has before it is encoded."""
        return self.samples * self.channels * _SAMPLE

    def arguments(self, numbers: Sequence[int]) -> list[str]:
        """Return the outputs that write the sound of these inputs into `<number>.pcm`.

        What is missing at the beginning or in the middle becomes silence. The filter
        that fills counts samples at the rate it is given: so there is one before it.
        """
        command = []
        for each in self.stretches:
            if each.number not in numbers:
                continue
            begin = each.zero + each.first / RATE
            end = each.zero + each.last / RATE
            cut = f"aresample={RATE},atrim=start={begin:.6f}:end={end:.6f}"
            filled = f"aresample={RATE}:async=1:first_pts={round(begin * RATE)}"
            command += [
                *("-map", f"{numbers.index(each.number)}:a:0"),
                *("-ac", str(self.channels), "-af", f"{cut},{filled}"),
                *("-f", "s16le", f"{each.number}.pcm"),
            ]
        return command

    def join(self, folder: Path) -> None:
        """Make `sound.pcm` of all stretches, as long as the pictures."""
        frame = _SAMPLE * self.channels
        with (folder / "sound.pcm").open("xb") as whole:
            for each in self.stretches:
                path = folder / f"{each.number}.pcm"
                whole.truncate(max(whole.tell(), each.first * frame))  # with silence
                whole.seek(0, os.SEEK_END)
                with path.open("rb") as own:
                    own.seek(whole.tell() - each.first * frame)
                    shutil.copyfileobj(own, whole, 2**20)
                path.unlink()
                whole.seek(min(whole.tell(), each.last * frame))
            whole.truncate(self.size)
