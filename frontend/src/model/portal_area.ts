/** An area as it is drawn: how large it is, and whether a hub would take it. */

import type { Area } from "./area";
import { spansOf, type Place, type Point } from "./map";
import type { Limits } from "./portal_wire";

const EARTH_KM = 6371.0088; // mean radius: the hub counts with the same (core/geo.py)
const GRID = 10_000_000; // steps to the degree, a centimetre
const ROUND = 360 * GRID;
const EXTENT_MAX = 5000; // metres
const LATITUDE_MAX = 85; // degrees

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

export type AreaFault =
  | "none"
  | "few"
  | "many"
  | "twice"
  | "crosses"
  | "small"
  | "large"
  | "wide"
  | "pole"
  | "outside";

/** Steps of the grid, east and north of the first corner. */
function ringOf(points: readonly [Place, ...Place[]]): Point[] {
  const grid = (degrees: number): number => Math.round(degrees * GRID);
  const [first] = points;
  return points.map(({ latitude, longitude }) => ({
    x: ((((grid(longitude) - grid(first.longitude) + ROUND / 2) % ROUND) + ROUND) % ROUND) - ROUND / 2,
    y: grid(latitude) - grid(first.latitude),
  }));
}

type Edge = readonly [from: Point, to: Point];

/** From the last corner to the first, and on from there. */
function edgesOf(ring: readonly Point[]): Edge[] {
  const edges: Edge[] = [];
  for (const last of ring.slice(-1)) {
    ring.reduce((from, to) => {
      edges.push([from, to]);
      return to;
    }, last);
  }
  return edges;
}

/** Square kilometres, on the sphere. */
export function km2(area: Area): number {
  if (area.kind === "circle") return Math.PI * (area.radius / 1000) ** 2;
  const south = area.points[0].latitude;
  const flat = ringOf(area.points).map(({ x, y }) => ({
    x: radians(x / GRID),
    y: Math.sin(radians(y / GRID + south)),
  }));
  const twice = edgesOf(flat).reduce((sum, [one, other]) => sum + one.x * other.y - other.x * one.y, 0);
  return (Math.abs(twice) / 2) * EARTH_KM ** 2;
}

/** More than zero for a left turn at b, less for a right one, 0 straight on. */
function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

function touch([a, b]: Edge, [c, d]: Edge): boolean {
  const apart =
    Math.max(a.x, b.x) < Math.min(c.x, d.x) ||
    Math.max(c.x, d.x) < Math.min(a.x, b.x) ||
    Math.max(a.y, b.y) < Math.min(c.y, d.y) ||
    Math.max(c.y, d.y) < Math.min(a.y, b.y);
  return !apart && turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0;
}

function turnsBack([a, b]: Edge, [, c]: Edge): boolean {
  const back = (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) < 0;
  return back && turn(a, b, c) === 0;
}

function crosses(edges: readonly Edge[]): boolean {
  return edges.some((edge, place) =>
    edges.some((other, at) => {
      if (at <= place) return false;
      if (at === place + 1) return turnsBack(edge, other);
      if (place === 0 && at === edges.length - 1) return turnsBack(other, edge);
      return touch(edge, other);
    }),
  );
}

function shapeFault(area: Area, { vertices_max: most }: Limits): AreaFault | null {
  if (area.kind === "circle") {
    if (Math.abs(area.latitude) > LATITUDE_MAX) return "pole";
    return area.radius * 2 > EXTENT_MAX ? "wide" : null;
  }
  const { points } = area;
  if (points.length > most) return "many";
  if (points.some(({ latitude }) => Math.abs(latitude) > LATITUDE_MAX)) return "pole";
  const ring = ringOf(points);
  if (new Set(ring.map(({ x, y }) => `${x} ${y}`)).size < ring.length) return "twice";
  if (crosses(edgesOf(ring))) return "crosses";
  const { width, height } = spansOf(area);
  return Math.max(width, height) > EXTENT_MAX ? "wide" : null;
}

/** Why a hub with these limits, which covers these cells, would not take an area; or null. */
export function areaFault(area: Area, limits: Limits, cells: readonly string[]): AreaFault | null {
  const fault = shapeFault(area, limits);
  if (fault) return fault;
  const size = km2(area);
  if (size < limits.area_min_km2) return "small";
  if (size > limits.area_max_km2) return "large";
  const precision = cells[0]?.length ?? 0;
  return touched(area, precision).every((cell) => cells.includes(cell)) ? null : "outside";
}

/** Degrees. */
export interface Bounds {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

/** The box around it. */
export function boundsOf(area: Area): Bounds {
  if (area.kind === "circle") {
    const { latitude, longitude, radius } = area;
    const high = (radius / 1000 / EARTH_KM) * (180 / Math.PI);
    const wide = high / Math.cos(radians(latitude));
    return { south: latitude - high, north: latitude + high, west: longitude - wide, east: longitude + wide };
  }
  const ring = ringOf(area.points);
  const [first] = area.points;
  const east = ring.map(({ x }) => first.longitude + x / GRID);
  const north = ring.map(({ y }) => first.latitude + y / GRID);
  return {
    south: Math.min(...north),
    north: Math.max(...north),
    west: Math.min(...east),
    east: Math.max(...east),
  };
}

const ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";

/** How many cells of so many characters there are from west to east, and from south to north. */
function cellCounts(precision: number): { columns: number; rows: number } {
  return { columns: 2 ** Math.ceil((precision * 5) / 2), rows: 2 ** Math.floor((precision * 5) / 2) };
}

function cellName(column: number, row: number, precision: number): string {
  const { columns } = cellCounts(precision);
  const round = ((column % columns) + columns) % columns;
  let code = 0;
  for (let bit = 0; bit < precision * 5; bit += 1) {
    const east = (precision * 5 - 1 - bit) % 2 === 0;
    const one = Math.floor((east ? round : row) / 2 ** Math.floor(bit / 2)) % 2;
    code += one * 2 ** bit;
  }
  return Array.from({ length: precision }, (_, at) => ALPHABET.charAt(Math.floor(code / 32 ** (precision - 1 - at)) % 32)).join("");
}

/** The geohash cells of so many characters that an area's box touches. */
export function touched(area: Area, precision: number): string[] {
  const { south, north, west, east } = boundsOf(area);
  const { columns, rows } = cellCounts(precision);
  const column = (degrees: number): number => Math.floor(((degrees + 180) / 360) * columns);
  const row = (degrees: number): number => Math.min(rows - 1, Math.floor(((degrees + 90) / 180) * rows));
  const names: string[] = [];
  for (let x = column(west); x <= column(east); x += 1) {
    for (let y = row(south); y <= row(north); y += 1) names.push(cellName(x, y, precision));
  }
  return names;
}

/** Where a geohash cell is. */
export function cellBounds(cell: string): Bounds {
  let [column, row] = [0, 0];
  Array.from(cell).forEach((character, at) => {
    const code = ALPHABET.indexOf(character);
    for (let bit = 4; bit >= 0; bit -= 1) {
      const one = (code >> bit) & 1;
      if ((at * 5 + 4 - bit) % 2 === 0) column = column * 2 + one;
      else row = row * 2 + one;
    }
  });
  const { columns, rows } = cellCounts(cell.length);
  return {
    south: (row / rows) * 180 - 90,
    north: ((row + 1) / rows) * 180 - 90,
    west: (column / columns) * 360 - 180,
    east: ((column + 1) / columns) * 360 - 180,
  };
}

/** Cells of both sides of the date line lie side by side: those of the west go on beyond 180°. */
function sideBySide(all: readonly Bounds[]): readonly Bounds[] {
  const wests = all.map(({ west }) => west);
  if (Math.max(...wests) - Math.min(...wests) <= 180) return all;
  return all.map((one) => (one.west < 0 ? { ...one, west: one.west + 360, east: one.east + 360 } : one));
}

/** The middle of what a hub covers; null where it covers nothing. */
export function middleOfCells(cells: readonly string[]): { middle: Place; bounds: Bounds } | null {
  const all = sideBySide(cells.map(cellBounds));
  const [first] = all;
  if (!first) return null;
  const bounds = {
    south: Math.min(...all.map(({ south }) => south)),
    north: Math.max(...all.map(({ north }) => north)),
    west: Math.min(...all.map(({ west }) => west)),
    east: Math.max(...all.map(({ east }) => east)),
  };
  const { south, north, west, east } = bounds;
  const middle = (west + east) / 2;
  return { middle: { latitude: (south + north) / 2, longitude: middle < 180 ? middle : middle - 360 }, bounds };
}

const PLACE =
  /^\s*(?:geo:)?\s*([-+−]?\d{1,2}(?:[.,]\d+)?)\s*°?\s*([NS]?)\s*[,;\s]\s*([-+−]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*([EW]?)\s*$/i;

/** Read `52.5200, 13.4050`, as maps and messengers write a place, also `geo:`; null if it is none. */
export function readPlace(typed: string): Place | null {
  const [, north = "", south = "", east = "", west = ""] = PLACE.exec(typed) ?? [];
  if (north === "") return null;
  const degrees = (digits: string, letter: string): number =>
    Number(digits.replace("−", "-").replace(",", ".")) * (/[SW]/i.test(letter) ? -1 : 1);
  const place = { latitude: degrees(north, south), longitude: degrees(east, west) };
  return Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180 ? place : null;
}

/** `52.52000, 13.40500`: a metre. */
export function placeText({ latitude, longitude }: Place): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** `0.126 km²` */
export function km2Text(size: number, locale: string): string {
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(size)} km²`;
}
