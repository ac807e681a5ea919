/** Pictures behind a map, from the tile server that a hub's operator named: those that are in view. */

import type { Box } from "./map";
import { pixelOf, placeOf, type View } from "./portal_view";

/** `tiles` holds `{z}`, `{x}` and `{y}` once each; `zoom_max` is the nearest that there is. */
export interface TileServer {
  readonly tiles: string;
  readonly attribution: string;
  readonly zoom_max: number;
}

/** A picture, and where it lies, in pixels. */
export interface Tile {
  readonly href: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const TILE = 256; // pixels
const EQUATOR = 40_075_016.686; // metres
const HIGHEST = 85.0511; // degrees: no tiles lie nearer to a pole
const FARTHEST = 3; // zoom

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Who is asked for the pictures, as people write it. */
export function tileHost({ tiles }: TileServer): string {
  return tiles.split("/")[2] ?? "";
}

/** The zoom whose pictures are about as large as they are shown. */
function zoomOf({ middle, scale }: View, most: number): number {
  const metres = (EQUATOR * Math.cos(radians(Math.min(HIGHEST, Math.abs(middle.latitude))))) / TILE;
  return Math.max(FARTHEST, Math.min(most, Math.round(Math.log2(metres / scale))));
}

function columnOf(longitude: number, tiles: number): number {
  return Math.floor(((longitude + 180) / 360) * tiles);
}

function rowOf(latitude: number, tiles: number): number {
  const high = radians(Math.max(-HIGHEST, Math.min(HIGHEST, latitude)));
  const down = (1 - Math.asinh(Math.tan(high)) / Math.PI) / 2;
  return Math.max(0, Math.min(tiles - 1, Math.floor(down * tiles)));
}

function northOf(row: number, tiles: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / tiles))) * 180) / Math.PI;
}

/** The pictures that cover a box, row by row. */
export function tilesIn(view: View, box: Box, server: TileServer): Tile[] {
  const zoom = zoomOf(view, server.zoom_max);
  const tiles = 2 ** zoom;
  const top = placeOf(view, { x: 0, y: 0 }, box);
  const end = placeOf(view, { x: box.width, y: box.height }, box);
  const first = columnOf(top.longitude, tiles);
  const last = columnOf(end.longitude, tiles);
  const columns = (((last - first) % tiles) + tiles) % tiles; // the date line may lie between
  const found: Tile[] = [];
  for (let row = rowOf(top.latitude, tiles); row <= rowOf(end.latitude, tiles); row += 1) {
    for (let column = first; column <= first + columns; column += 1) {
      found.push({ ...place(view, box, { column, row, tiles }), href: addressOf(server, zoom, column % tiles, row) });
    }
  }
  return found;
}

interface At {
  readonly column: number;
  readonly row: number;
  readonly tiles: number;
}

function place(view: View, box: Box, { column, row, tiles }: At): Omit<Tile, "href"> {
  const west = (column / tiles) * 360 - 180;
  const start = pixelOf(view, { latitude: northOf(row, tiles), longitude: west }, box);
  const { x, y } = pixelOf(view, { latitude: northOf(row + 1, tiles), longitude: west + 360 / tiles }, box);
  return { x: start.x, y: start.y, width: x - start.x, height: y - start.y };
}

function addressOf({ tiles }: TileServer, zoom: number, column: number, row: number): string {
  return tiles.replace("{z}", String(zoom)).replace("{x}", String(column)).replace("{y}", String(row));
}
