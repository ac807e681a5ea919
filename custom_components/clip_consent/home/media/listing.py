"""The pictures of a recording, packet by packet, as ffmpeg lists them.

The list is made by the very command that cuts (same inputs, same seek), so the
number of a packet means the same in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
import re
from typing import Final, NamedTuple

from ...core.errors import MediaError
from .recordings import Recording

# Enough packets to see the first shown frame of any group of pictures in use.
_HEAD_PACKETS: Final = 32
HEAD: Final = "head.list"
# Pictures of all recordings of one look. Around the longest clip (600 s) 78 s more are
# read: at 240 pictures a second 162,720. Read from its beginning, because it can be
# entered nowhere, a recording may have 2.4 hours at 30. A damaged or a made one has
# millions in a few MB, and each would be an object in Home Assistant's own memory.
MAX_PICTURES: Final = 2**18
MAX_LIST: Final = 128 * MAX_PICTURES  # bytes; a line has about 64
_HEADER: Final = re.compile(r"^#(\w+) 0:\s*(.+)$")
_FLAGS: Final = re.compile(r", F=0x([0-9A-F]+)")
_KEY, _HIDDEN = 0x1, 0x4
_UNKNOWN: Final = -(2**63)


class Packet(NamedTuple):
    """One coded picture. `pts` and `duration` count ticks, `size` bytes.

    `hidden` says that the recording's own edit list does not show it.
    """

    pts: int
    duration: int
    size: int
    key: bool
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The pictures of one recording in decoding order; `tick` is in seconds.

    Pictures that do not say when they are shown are left out; `stamped` is False then,
    and only decoding can tell. `turn` is how far they are turned to be shown (degrees).
    """

    codec: str
    setup: str  # digest of the codec's set-up
    size: str
    tick: float
    packets: tuple[Packet, ...]
    stamped: bool
    turn: float = 0.0

    def continues(self, other: Listing) -> bool:
        """Whether this can follow another in one film without decoding them.

        What an edit list hides at its start would be shown twice.
        """
        if self.packets[0].hidden or self.turn != other.turn:
            return False
        return (self.codec, self.setup, self.size) == (
            other.codec,
            other.setup,
            other.size,
        )

    def first_shown(self) -> float:
        """Return the time stamp of the first shown frame in seconds.

        Raises MediaError `recording_unreadable` if there are no pictures.
        """
        if not self.packets:
            raise MediaError("recording_unreadable")
        if self.packets[0].hidden:
            return 0.0  # what an edit list shows begins at zero
        return min(packet.pts for packet in self.packets) * self.tick

    def has_key_until(self, seconds: float) -> bool:
        """Whether a film can begin at that time stamp or before."""
        return any(
            packet.key and packet.pts * self.tick <= seconds for packet in self.packets
        )


class Input(NamedTuple):
    """A recording and the stretch of it that is read, in seconds."""

    recording: Recording
    seek: float | None
    seconds: float | None

    def arguments(self) -> list[str]:
        """Return it as an input of ffmpeg."""
        return self.recording.arguments(seek=self.seek, seconds=self.seconds)


def listing_arguments(inputs: Sequence[Input], first: int, *, head: bool) -> list[str]:
    """Return the command that lists pictures into `<first>.list` and so on.

    With `head` the beginning of the first recording is listed into `head.list` too.
    """
    command = ["-copyts"]
    for each in inputs:
        command += each.arguments()
    if head:
        command += inputs[0].recording.arguments()
    for number in range(len(inputs)):
        command += [*_one_list(number), f"{first + number}.list"]
    if head:
        frames = ["-frames:v", str(_HEAD_PACKETS)]
        command += [*_one_list(len(inputs)), *frames, HEAD]
    return command


def _one_list(number: int) -> list[str]:
    return [
        *("-map", f"{number}:V:0", "-c:v", "copy", "-copyinkf:v"),
        *("-f", "framecrc"),
    ]


def read_listing(path: Path, most: int = MAX_PICTURES) -> Listing:
    """Return a list that ffmpeg wrote, and remove it. Blocks.

    It may be empty: nothing is there to be read. Raises MediaError
    `recording_unreadable` if there are more than `most` pictures.
    """
    header: dict[str, str] = {}
    packets: list[Packet | None] = []
    with path.open(encoding="ascii") as lines:
        for line in lines:
            if match := _HEADER.match(line):
                header[match[1]] = match[2].strip()
            elif line[0] != "#":
                if len(packets) == most:
                    raise MediaError("recording_unreadable")
                packets.append(_packet(line))
    path.unlink()
    stamped = tuple(packet for packet in packets if packet)
    numerator, _, denominator = header.get("tb", "1/1").partition("/")
    return Listing(
        codec=header.get("codec_id", ""),
        setup=header.get("extradata", ""),
        size=header.get("dimensions", ""),
        tick=int(numerator) / int(denominator),
        packets=stamped,
        stamped=len(stamped) == len(packets),
    )


def _packet(line: str) -> Packet | None:
    _, _, pts, duration, size, _ = line.split(",", 5)
    if int(pts) == _UNKNOWN:
        return None
    match = _FLAGS.search(line)
    flags = int(match[1], 16) if match else _KEY
    return Packet(
        pts=int(pts),
        duration=max(int(duration), 0),
        size=int(size),
        key=bool(flags & _KEY),
        hidden=bool(flags & _HIDDEN),
    )
