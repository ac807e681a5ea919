"""Draw the pictures of `brand/`: a lens in a speech bubble, with a tick for an iris.

Run it as `.venv/bin/python script/brand.py`; the pictures are kept in the repository.
"""

from dataclasses import dataclass
import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

BRAND = Path(__file__).parent.parent / "custom_components" / "clip_consent" / "brand"
UNIT = 256  # the drawing's own grid: an icon is one unit square
SMOOTH = 8  # drawn this much larger, then reduced

type Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of one background."""

    bubble: str
    ring: str
    glass: str
    rim: str
    light: str
    lamp: str
    tick: str
    text: str


LIGHT = Palette(
    bubble="#27346b",
    ring="#f4f7ff",
    glass="#12a594",
    rim="#0c6f6a",
    light="#8ff0e0",
    lamp="#ff7a66",
    tick="#ffffff",
    text="#27346b",
)
DARK = Palette(
    bubble="#5b6fd6",
    ring="#f4f7ff",
    glass="#12a594",
    rim="#0c6f6a",
    light="#8ff0e0",
    lamp="#ffb3a3",
    tick="#ffffff",
    text="#f4f7ff",
)


class Pen:
    """Draws on a canvas in units of the grid."""

    def __init__(self, width: float, height: float, scale: float) -> None:
        """Open an empty canvas of so many units."""
        self.scale = scale * SMOOTH
        size = (round(width * self.scale), round(height * self.scale))
        self.image = Image.new("RGBA", size)
        self._draw = ImageDraw.Draw(self.image)

    def _at(self, *points: Point) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def disc(self, centre: Point, radius: float, colour: str) -> None:
        """Fill a circle."""
        (x, y) = centre
        box = self._at((x - radius, y - radius), (x + radius, y + radius))
        self._draw.ellipse(box, fill=colour)

    def shape(self, colour: str, *corners: Point) -> None:
        """Fill a polygon."""
        self._draw.polygon(self._at(*corners), fill=colour)

    def arc(
        self, centre: Point, radius: float, span: Point, width: float, colour: str
    ) -> None:
        """Draw a part of a circle, round-ended; degrees, clockwise from the right."""
        (x, y) = centre
        outer = radius + width / 2
        box = self._at((x - outer, y - outer), (x + outer, y + outer))
        bounds = (*box[0], *box[1])
        self._draw.arc(bounds, *span, fill=colour, width=round(width * self.scale))
        for angle in map(math.radians, span):
            end = (x + radius * math.cos(angle), y + radius * math.sin(angle))
            self.disc(end, width / 2, colour)

    def line(self, width: float, colour: str, *points: Point) -> None:
        """Draw a line with round ends and corners."""
        self._draw.line(self._at(*points), fill=colour, width=round(width * self.scale))
        for point in points:
            self.disc(point, width / 2, colour)

    def text(self, left_middle: Point, size: float, words: str, colour: str) -> None:
        """Write one line, heavier than the font is."""
        font = ImageFont.load_default(size * self.scale)
        self._draw.text(
            self._at(left_middle)[0],
            words,
            fill=colour,
            font=font,
            anchor="lm",
            stroke_width=size * self.scale / 52,
            stroke_fill=colour,
        )

    def finished(self) -> Image.Image:
        """Return the picture at its real size."""
        return self.image.convert("RGBa").reduce(SMOOTH).convert("RGBA")


def draw_icon(pen: Pen, palette: Palette) -> None:
    """Draw the lens in its bubble into the first unit square."""
    middle, radius = (128.0, 128.0), 126.0
    blunt = 18.0
    tip = (middle[0] - radius + blunt, middle[1] + radius - blunt)
    pen.disc(middle, radius, palette.bubble)
    pen.disc(tip, blunt, palette.bubble)
    pen.shape(palette.bubble, (2, 128), (2, tip[1]), (tip[0], 254), (128, 254))
    pen.disc((205, 51), 9, palette.lamp)
    pen.disc(middle, 93, palette.ring)
    pen.disc(middle, 80, palette.rim)
    pen.disc(middle, 71, palette.glass)
    pen.arc(middle, 58, (194, 256), 9, palette.light)
    pen.line(20, palette.tick, (97, 133), (120, 155), (161, 107))


def icon(palette: Palette, scale: float) -> Image.Image:
    """Return the square picture."""
    pen = Pen(UNIT, UNIT, scale)
    draw_icon(pen, palette)
    return pen.finished()


def logo(palette: Palette, scale: float) -> Image.Image:
    """Return the picture with the name beside it."""
    pen = Pen(UNIT * 3.98, UNIT, scale)
    draw_icon(pen, palette)
    pen.text((UNIT * 1.15, 128), 124, "Clip Consent", palette.text)
    return pen.finished()


def main() -> None:
    """Draw all of them."""
    BRAND.mkdir(exist_ok=True)
    for prefix, palette in (("", LIGHT), ("dark_", DARK)):
        for suffix, scale in (("", 1), ("@2x", 2)):
            icon(palette, scale).save(
                BRAND / f"{prefix}icon{suffix}.png", optimize=True
            )
            logo(palette, scale).save(
                BRAND / f"{prefix}logo{suffix}.png", optimize=True
            )


if __name__ == "__main__":
    main()
