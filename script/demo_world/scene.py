"""Draw what the two demo cameras look at: a still background and things that move."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

SIZE: Final = (640, 360)
_SMOOTH: Final = 3  # drawn this much larger, then scaled down

type Colour = str | tuple[int, int, int] | tuple[int, int, int, int]
type _Painter = Callable[[ImageDraw.ImageDraw], None]


def _flat(numbers: tuple[float, ...]) -> list[float]:
    """Return coordinates on the enlarged canvas."""
    return [number * _SMOOTH for number in numbers]


def _box(draw: ImageDraw.ImageDraw, fill: Colour, *corners: float) -> None:
    draw.rectangle(_flat(corners), fill=fill)


def _shape(draw: ImageDraw.ImageDraw, fill: Colour, *points: float) -> None:
    draw.polygon(_flat(points), fill=fill)


def _disc(
    draw: ImageDraw.ImageDraw, fill: Colour, x: float, y: float, radius: float
) -> None:
    draw.ellipse(_flat((x - radius, y - radius, x + radius, y + radius)), fill=fill)


def _ring(
    draw: ImageDraw.ImageDraw, fill: Colour, x: float, y: float, r: float
) -> None:
    draw.ellipse(_flat((x - r, y - r, x + r, y + r)), outline=fill, width=2 * _SMOOTH)


def _line(draw: ImageDraw.ImageDraw, fill: Colour, *points: float) -> None:
    draw.line(_flat(points), fill=fill, width=2 * _SMOOTH, joint="curve")


def _sky(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """Return a picture that fades from one colour to the other."""
    fade = Image.linear_gradient("L").resize(size)
    return Image.composite(
        Image.new("RGB", size, bottom), Image.new("RGB", size, top), fade
    )


def _background(path: Path, top: Colour, bottom: Colour, paint: _Painter) -> None:
    large = (SIZE[0] * _SMOOTH, SIZE[1] * _SMOOTH)
    picture = _sky(large, top, bottom)
    paint(ImageDraw.Draw(picture))
    picture.resize(SIZE, Image.Resampling.LANCZOS).save(path)


def _sprite(path: Path, size: tuple[int, int], paint: _Painter) -> None:
    picture = Image.new("RGBA", (size[0] * _SMOOTH, size[1] * _SMOOTH))
    paint(ImageDraw.Draw(picture))
    picture.resize(size, Image.Resampling.LANCZOS).save(path)


def _tree(draw: ImageDraw.ImageDraw, x: float, y: float, size: float) -> None:
    _box(draw, "#4a3b2c", x - size / 9, y - size, x + size / 9, y)
    for dx, dy, part in ((0, 1.5, 0.6), (-0.4, 1.2, 0.45), (0.4, 1.25, 0.5)):
        _disc(draw, "#2f4a34", x + dx * size, y - dy * size, part * size)


def _house(draw: ImageDraw.ImageDraw) -> None:
    _shape(draw, "#6a4038", 20, 95, 150, 30, 280, 95)
    _box(draw, "#b9a58c", 35, 95, 265, 215)
    for x in (60, 190):
        _box(draw, "#e9e4d8", x - 3, 117, x + 53, 173)
        _box(draw, "#f2c56b", x, 120, x + 50, 170)
        _line(draw, "#e9e4d8", x + 25, 120, x + 25, 170)
    _box(draw, "#59422f", 132, 135, 170, 215)
    _disc(draw, "#d8b25a", 163, 178, 2.5)


def _paint_driveway(draw: ImageDraw.ImageDraw) -> None:
    _box(draw, "#55684a", 0, 195, 640, 360)
    for x, y, size in ((330, 200, 40), (590, 200, 55), (420, 196, 30)):
        _tree(draw, x, y, size)
    _house(draw)
    _shape(draw, "#514742", 455, 115, 515, 78, 575, 115)
    _box(draw, "#9c8a74", 460, 115, 570, 205)
    _box(draw, "#d4d0c6", 470, 130, 560, 205)
    for y in (145, 160, 175, 190):
        _line(draw, "#b1ada3", 470, y, 560, y)
    _shape(draw, "#7d7a76", 462, 205, 568, 205, 520, 290, 330, 290)
    _box(draw, "#8e8b86", 0, 262, 640, 278)
    _box(draw, "#47494d", 0, 278, 640, 360)
    for x in range(-10, 640, 90):
        _box(draw, "#d9d4b8", x, 319, x + 45, 323)


def _paint_street(draw: ImageDraw.ImageDraw) -> None:
    for x, wide, high, wall in (
        (0, 120, 120, "#7c6252"),
        (120, 100, 145, "#8d7a66"),
        (220, 130, 105, "#6f6a70"),
        (430, 210, 135, "#80695a"),
    ):
        _box(draw, wall, x, 210 - high, x + wide, 210)
        for window in range(x + 14, x + wide - 26, 34):
            lit = (window * 7) % 3
            _box(draw, "#f0c878" if lit else "#2b333d", window, 125, window + 18, 150)
            _box(draw, "#2b333d" if lit else "#f0c878", window, 168, window + 18, 192)
    _tree(draw, 390, 212, 45)
    _box(draw, "#8c8984", 0, 210, 640, 236)
    _box(draw, "#3c3e43", 0, 236, 640, 360)
    for x in range(20, 640, 100):
        _shape(draw, "#cfcab0", x, 292, x + 46, 292, x + 42, 298, x - 4, 298)
    _box(draw, "#2e3034", 318, 60, 323, 236)
    _box(draw, "#2e3034", 318, 60, 350, 64)
    _disc(draw, "#ffe9ae", 348, 67, 6)


def _car(body: Colour, glass: Colour) -> _Painter:
    def paint(draw: ImageDraw.ImageDraw) -> None:
        _shape(draw, body, 28, 22, 45, 4, 92, 4, 112, 22)
        _shape(draw, glass, 36, 21, 49, 8, 67, 8, 67, 21)
        _shape(draw, glass, 72, 21, 72, 8, 90, 8, 102, 21)
        draw.rounded_rectangle(_flat((2, 20, 138, 44)), 8 * _SMOOTH, fill=body)
        _disc(draw, "#ffe9ae", 134, 29, 4)
        _disc(draw, "#b3202a", 5, 29, 3)
        for x in (32, 108):
            _disc(draw, "#17181a", x, 44, 12)
            _disc(draw, "#a7abb0", x, 44, 5)

    return paint


def _paint_bicycle(draw: ImageDraw.ImageDraw) -> None:
    for x in (15, 53):
        _ring(draw, "#101214", x, 32, 13)
    _line(draw, "#1f9bd1", 15, 32, 26, 13, 46, 13, 32, 32, 15, 32)
    _line(draw, "#1f9bd1", 53, 32, 45, 8, 39, 8)
    _line(draw, "#101214", 26, 13, 24, 7, 30, 7)


def _paint_person(draw: ImageDraw.ImageDraw) -> None:
    _disc(draw, "#d9b08c", 13, 9, 7)
    draw.rounded_rectangle(_flat((5, 17, 21, 42)), 5 * _SMOOTH, fill="#2f5d8a")
    _box(draw, "#23262b", 7, 40, 12, 64)
    _box(draw, "#23262b", 14, 40, 19, 64)


def draw_scenes(folder: Path) -> None:
    """Write the backgrounds and the moving things of both cameras into a folder."""
    _background(folder / "driveway.png", "#31405e", "#d9a679", _paint_driveway)
    _background(folder / "street.png", "#10182b", "#4a4a66", _paint_street)
    _sprite(folder / "car.png", (140, 58), _car("#b5322f", "#bcd3de"))
    _sprite(folder / "van.png", (140, 58), _car("#3d6b58", "#a9c2cc"))
    _sprite(folder / "bicycle.png", (68, 46), _paint_bicycle)
    _sprite(folder / "person.png", (26, 66), _paint_person)
    with Image.open(folder / "bicycle.png") as bicycle:
        fallen = bicycle.rotate(-78, expand=True, resample=Image.Resampling.BICUBIC)
        fallen = fallen.resize((fallen.width, fallen.height // 3))
        fallen.filter(ImageFilter.SMOOTH).save(folder / "fallen.png")
