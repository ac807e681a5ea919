"""The panel's map of a case: drawn from places alone, and told in words."""

from typing import Any, Final

from playwright.async_api import expect
import pytest

from script.demo_world.browser import PHONE_SCREEN, Browser

from .axe import violations
from .conftest import Watched, World, watch
from .fake_panel import FakePanel, case

HOME: Final = {"latitude": 52.3702, "longitude": 4.8952}
CIRCLE: Final = {
    "kind": "circle",
    "latitude": 52.3722,
    "longitude": 4.8992,
    "radius": 250.0,
}
POLYGON: Final = {
    "kind": "polygon",
    "points": [[52.3692, 4.8937], [52.3692, 4.8967], [52.3712, 4.8967]],
}


def _camera(name: str, north: float, east: float, bearing: int | None) -> Any:
    place = {
        "latitude": HOME["latitude"] + north,
        "longitude": HOME["longitude"] + east,
        "bearing": bearing,
    }
    return {"camera_id": name, "name": name, "place": place}


CAMERAS: Final = [
    _camera("Driveway <b>x</b>", 0.0001, 0.0001, 45),
    _camera("Garden", -0.0001, -0.0002, 200),
    _camera("Corner of the street", 0.0012, 0.0022, None),
    {"camera_id": "shed", "name": "Shed & <i>co</i>", "place": None},
]


async def _opened(watched: Watched, world: World, area: Any, **changes: Any) -> Any:
    given = {"home": HOME, "cameras": CAMERAS, **changes}
    film = {f"draft__{name}": None for name in ("video", "still", "sheet")}
    one = case(request__area=area, **film)
    return await FakePanel.at_case(watched, world, one, **given)


async def test_the_map_is_told_in_words(watched: Watched, world: World) -> None:
    """How large the area is, how far from home and cameras; names are words (G8)."""
    panel = await _opened(watched, world, CIRCLE)
    drawn = panel.page.get_by_role("img", name="Map, north at the top.")
    await expect(drawn).to_have_accessible_name(
        "Map, north at the top."
        " The area they ask about is a circle with a radius of 250 m."
        " Your home: 101 m outside the area."
        " Driveway <b>x</b>: 89 m outside the area, facing 45°."
        " Garden: 119 m outside the area, facing 200°."
        " Corner of the street: inside the area."
        " Not on the map, no place set: Shed & <i>co</i>."
    )
    lines = panel.see("map-line")
    await expect(lines).to_have_count(4)
    await expect(lines.first).to_contain_text("Your home · 101 m outside the area")
    await expect(lines.nth(1)).to_contain_text("Driveway <b>x</b>")
    await expect(lines.last).to_contain_text("inside the area")
    await expect(panel.see("map-missing")).to_contain_text("Shed & <i>co</i>")
    await expect(panel.see("map").locator("b, i")).to_have_count(0)
    await watched.assert_clean(world.base)


async def test_the_map_is_drawn(watched: Watched, world: World) -> None:
    """The area, the home, each camera by its number, a scale bar; before the rule."""
    panel = await _opened(watched, world, CIRCLE)
    drawn = panel.see("map-drawn")
    await expect(drawn.locator("circle.area")).to_have_count(1)
    await expect(drawn.locator(".home")).to_have_count(1)
    await expect(drawn.locator(".cone")).to_have_count(2)
    await expect(drawn.locator(".mark text")).to_have_text(["1", "2", "3"])
    await expect(panel.see("map-scale")).to_have_text("200 m")
    places = [
        await panel.see(name).bounding_box() for name in ("request", "map", "rule")
    ]
    tops = [place["y"] for place in places if place]
    assert len(tops) == 3
    assert tops == sorted(tops)


async def test_a_polygon_is_drawn_with_its_corners(
    watched: Watched, world: World
) -> None:
    """Without a home that is known and without cameras there is still the area."""
    panel = await _opened(watched, world, POLYGON, home=None, cameras=[])
    await expect(panel.see("map-size")).to_have_text(
        "The area they ask about has 3 corners:"
        " 204 m from west to east, 222 m from north to south."
    )
    await expect(panel.see("map-drawn").locator("path.area")).to_have_count(1)
    await expect(panel.see("map-line")).to_have_count(0)
    await expect(panel.see("map-missing")).to_have_count(0)


async def test_without_an_area_there_is_no_map(watched: Watched, world: World) -> None:
    """There would be nothing to compare the home with."""
    panel = await _opened(watched, world, None)
    await expect(panel.see("rule")).to_be_visible()
    await expect(panel.see("map")).to_have_count(0)


@pytest.mark.parametrize("area", [CIRCLE, POLYGON], ids=["circle", "polygon"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_map_is_for_everybody(
    browser: Browser, world: World, scheme: Any, area: Any
) -> None:
    """Axe finds nothing; 320 pixels do; written from the right, east stays east."""
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        page = watched.page
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": 320, "height": PHONE_SCREEN[1]})
        panel = await _opened(watched, world, area)
        await expect(panel.see("map-scale")).to_be_visible()
        assert await violations(page) == []
        home = panel.see("map-drawn").locator(".home")
        before = await home.get_attribute("transform")
        await page.evaluate("document.documentElement.dir = 'rtl'")
        wide = "document.documentElement.scrollWidth - innerWidth"
        assert await page.evaluate(wide) <= 0
        assert await home.get_attribute("transform") == before
        for mark in await panel.see("map-drawn").locator(".mark circle").all():
            around, within = (
                await mark.bounding_box(),
                await panel.see("map-drawn").bounding_box(),
            )
            assert around
            assert within
            assert around["x"] >= within["x"]
            assert around["x"] + around["width"] <= within["x"] + within["width"]
        await watched.assert_clean(world.base)
