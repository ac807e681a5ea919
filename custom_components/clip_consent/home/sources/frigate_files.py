"""What Frigate sends, made safe to use: whole clips, clean pictures. All of it blocks.

Frigate begins to answer before it has cut a clip. If that fails on the way, the answer
ends as if all were well: empty, or with a part of the clip.
"""

from io import BytesIO
from pathlib import Path
import struct
from typing import Final

from PIL import Image

from ...core.errors import SourceError

WIDTH: Final = 320  # of a picture, as of those that are taken from files
_MAX_HEIGHT: Final = 4 * WIDTH
_MAX_PIXELS: Final = 2**24  # the largest cameras' pictures have about as many
_MAX_BOXES: Final = 2**16  # of a clip; two for each key frame
_QUALITY: Final = 80


def is_whole(path: Path) -> bool:
    """Tell whether an MP4 ends where its last box ends, and holds pictures at all."""
    kinds: set[bytes] = set()
    with path.open("rb") as file:
        end = file.seek(0, 2)
        at = file.seek(0)
        for _ in range(_MAX_BOXES):
            if at >= end:
                break
            head = file.read(16)
            if len(head) < 8:
                return False
            size, kind = struct.unpack(">I4s", head[:8])
            if size == 1 and len(head) == 16:
                (size,) = struct.unpack(">Q", head[8:])
            if size < 8:
                return False
            kinds.add(kind)
            at = file.seek(at + size)
    return at == end and {b"ftyp", b"moov", b"mdat"} <= kinds


def clean_picture(data: bytes) -> bytes:
    """Return a small JPEG of a JPEG or PNG: nothing but the picture.

    Raises SourceError `frigate_broken_answer` if it is none.
    """
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise SourceError("frigate_broken_answer")
            # made small first: another form of the whole would take as much room again
            image.thumbnail((WIDTH, _MAX_HEIGHT))
            small = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as err:
        raise SourceError("frigate_broken_answer") from err
    small.info.clear()
    out = BytesIO()
    small.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
