import { expect, it } from "vitest";

import { tileHost, tilesIn } from "../src/model/portal_tiles";
import { placeOf } from "../src/model/portal_view";

const SERVER = { tiles: "https://tiles.example:8443/a/{z}/{x}/{y}.png?key=1", attribution: "© us", zoom_max: 18 };
const BOX = { width: 600, height: 320 };
const at = (latitude: number, longitude: number, scale: number) => ({ middle: { latitude, longitude }, scale });

/** As https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames counts them. */
function named(latitude: number, longitude: number, zoom: number): string {
  const n = 2 ** zoom;
  const high = (latitude * Math.PI) / 180;
  const column = Math.floor(((longitude + 180) / 360) * n);
  const row = Math.floor(((1 - Math.log(Math.tan(high) + 1 / Math.cos(high)) / Math.PI) / 2) * n);
  return `https://tiles.example:8443/a/${zoom}/${column}/${row}.png?key=1`;
}

it("says who is asked", () => {
  expect(tileHost(SERVER)).toBe("tiles.example:8443");
  expect(tileHost({ ...SERVER, tiles: "odd" })).toBe("");
});

it.each([
  [52.52, 13.4, 2.9, 15],
  [52.52, 13.4, 0.4, 18],
  [-33.9, 18.4, 20, 13],
  [70, -150, 100, 9],
])("lays the picture of a place where the map has the place: %f %f", (latitude, longitude, scale, zoom) => {
  const view = at(latitude, longitude, scale);
  const found = tilesIn(view, BOX, SERVER);
  expect(new Set(found.map(({ href }) => href)).size).toBe(found.length);
  for (const [x, y] of [[0, 0], [300, 160], [599, 319], [0, 319]] as const) {
    const there = placeOf(view, { x, y }, BOX);
    const tile = found.find(({ href }) => href === named(there.latitude, there.longitude, zoom));
    expect(tile).toBeDefined();
    if (!tile) continue;
    // to a pixel: the map is flat, Mercator is not
    expect(x).toBeGreaterThanOrEqual(tile.x - 1);
    expect(x).toBeLessThanOrEqual(tile.x + tile.width + 1);
    expect(y).toBeGreaterThanOrEqual(tile.y - 1);
    expect(y).toBeLessThanOrEqual(tile.y + tile.height + 1);
  }
});

it("covers the box and asks for little beside it", () => {
  for (const scale of [0.5, 1, 3, 7, 50]) {
    const found = tilesIn(at(52.52, 13.4, scale), BOX, SERVER);
    expect(Math.min(...found.map(({ x }) => x))).toBeLessThanOrEqual(0);
    expect(Math.min(...found.map(({ y }) => y))).toBeLessThanOrEqual(0);
    expect(Math.max(...found.map(({ x, width }) => x + width))).toBeGreaterThanOrEqual(BOX.width);
    expect(Math.max(...found.map(({ y, height }) => y + height))).toBeGreaterThanOrEqual(BOX.height);
    expect(found.length).toBeLessThanOrEqual(24);
  }
});

it("enlarges the nearest pictures that there are", () => {
  const [tile] = tilesIn(at(52.52, 13.4, 0.1), BOX, { ...SERVER, zoom_max: 14 });
  expect(tile?.href).toBe(named(52.52, 13.4, 14));
  expect(tile?.width).toBeGreaterThan(600);
});

it("goes on beyond the date line, and not beyond the poles", () => {
  const zoomed = tilesIn(at(-17, 179.99, 20), BOX, SERVER).map(({ href }) => /a\/13\/(\d+)\//.exec(href)?.[1]);
  expect(new Set(zoomed)).toContain("8191");
  expect(new Set(zoomed)).toContain("0");
  for (const { href } of tilesIn(at(89.9, 0, 500), BOX, SERVER)) expect(href).toMatch(/\/0\.png/);
});
