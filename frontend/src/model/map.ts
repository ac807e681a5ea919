/** The map of a case: the area asked about, the home and its cameras, drawn from their places alone. */

import type { Area } from "./area";

/** Degrees of WGS 84. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** A camera's place, and where it looks: degrees clockwise from north. */
export interface Stand extends Place {
  readonly bearing: number | null;
}

/** Metres east and south of a middle, or pixels from the left and from the top. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** In pixels. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** A camera: where it stands, what it faces as a path, where its number has room. */
export interface Mark extends Point {
  readonly cone: string | null;
  readonly label: Point;
}

export interface Drawing {
  /** A circle, or a polygon's path; `tiny` is too small to be seen, but for its middle. */
  readonly area: {
    readonly middle: Point;
    readonly radius: number;
    readonly path: string | null;
    readonly tiny: boolean;
  };
  readonly home: Point | null;
  /** The middle of the arrow. */
  readonly north: Point;
  readonly cameras: readonly Mark[];
  /** How long a round number of metres is in pixels. */
  readonly bar: { readonly metres: number; readonly pixels: number };
  /** Lines as far apart as the bar is long, as a path. */
  readonly grid: string;
}

const EARTH = 6_371_008.8; // metres, mean radius: the home counts with the same
const SPAN_MIN = 60; // metres: nearer than that no map of places is true
const TINY = 6; // pixels
const MARGIN = 40; // pixels
const FOOT = 52; // pixels, with the scale bar in it
const BAR = 34; // pixels: how high it is, with its words
const BAR_MOST = 110; // pixels
const CONE = 46; // pixels
const CONE_HALF = 30; // degrees
const BADGE = 11; // pixels: radius of a number, and of the home's mark
const RINGS = [24, 36, 50, 66, 84]; // pixels
const TURNS = 12;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Degrees of longitude from one to another, the short way round. */
function eastward(from: number, to: number): number {
  return ((((to - from + 180) % 360) + 360) % 360) - 180;
}

/** Metres east and south of a middle: good for the few kilometres of an area. */
export function flat(middle: Place, { latitude, longitude }: Place): Point {
  const metres = EARTH * radians(1);
  return {
    x: eastward(middle.longitude, longitude) * metres * Math.cos(radians(middle.latitude)),
    y: (middle.latitude - latitude) * metres,
  };
}

/** Metres along the great circle. */
export function distance(one: Place, other: Place): number {
  const high = radians(other.latitude - one.latitude) / 2;
  const wide = radians(other.longitude - one.longitude) / 2;
  const both = Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude));
  const chord = Math.sin(high) ** 2 + both * Math.sin(wide) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(Math.min(1, chord)));
}

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function extentOf(points: readonly Point[]): Extent {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
}

/** The middle of a circle, or of the box around a polygon. */
export function middleOf(area: Area): Place {
  if (area.kind === "circle") return area;
  const [first] = area.points;
  const steps = area.points.map(({ latitude, longitude }) => ({
    x: eastward(first.longitude, longitude),
    y: latitude,
  }));
  const { left, right, top, bottom } = extentOf(steps);
  return {
    latitude: (top + bottom) / 2,
    longitude: eastward(0, first.longitude + (left + right) / 2),
  };
}

/** How wide and how high a polygon is, in metres. */
export function spansOf(area: Area & { kind: "polygon" }): Box {
  const middle = middleOf(area);
  const { left, right, top, bottom } = extentOf(area.points.map((one) => flat(middle, one)));
  return { width: right - left, height: bottom - top };
}

/** Degrees east and north of a polygon's first corner: its edges take the short way round. */
function spotOf(first: Place, { latitude, longitude }: Place): Point {
  return { x: eastward(first.longitude, longitude), y: latitude - first.latitude };
}

type Edge = readonly [from: Point, to: Point];

function edgesOf(points: readonly [Place, ...Place[]]): Edge[] {
  const [first, ...more] = points;
  let from = spotOf(first, first);
  return [...more, first].map((one) => {
    const edge = [from, spotOf(first, one)] as const;
    [, from] = edge;
    return edge;
  });
}

/**
 * The spot of an edge that is nearest to another, as on a flat map whose longitudes are shrunk
 * by the cosine of the latitude half-way: the home finds it so too (core/geo.py).
 */
function nearest([from, to]: Edge, spot: Point, latitude: number): Point {
  const halfWay = latitude + ((from.y + to.y) / 2 - spot.y) / 2;
  const shrunk = Math.cos(radians(halfWay)) ** 2;
  const [east, north] = [to.x - from.x, to.y - from.y];
  const length = east ** 2 * shrunk + north ** 2;
  const part = (spot.x - from.x) * east * shrunk + (spot.y - from.y) * north;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, part / length));
  return { x: from.x + share * east, y: from.y + share * north };
}

function isInside(edges: readonly Edge[], { x, y }: Point): boolean {
  const crossed = edges.filter(
    ([from, to]) =>
      from.y > y !== to.y > y && from.x + ((y - from.y) * (to.x - from.x)) / (to.y - from.y) > x,
  );
  return crossed.length % 2 === 1;
}

/** How far a place is from the edge of an area along the great circle, in metres; 0 inside. */
export function outside(area: Area, place: Place): number {
  if (area.kind === "circle") return Math.max(0, distance(area, place) - area.radius);
  const [first] = area.points;
  const edges = edgesOf(area.points);
  const spot = spotOf(first, place);
  if (isInside(edges, spot)) return 0;
  return Math.min(
    ...edges.map((edge) => {
      const { x, y } = nearest(edge, spot, place.latitude);
      return distance(place, { latitude: first.latitude + y, longitude: first.longitude + x });
    }),
  );
}

/** The longest of 1, 2, 5, 10, 20, 50 … metres that fits. */
export function barOf(pixelsPerMetre: number): Drawing["bar"] {
  const most = BAR_MOST / pixelsPerMetre;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = power * (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1);
  return { metres, pixels: metres * pixelsPerMetre };
}

const told = (value: number): string => String(Math.round(value * 10) / 10);

function at({ x, y }: Point): string {
  return `${told(x)} ${told(y)}`;
}

function step({ x, y }: Point, bearing: number, length: number): Point {
  return {
    x: x + length * Math.sin(radians(bearing)),
    y: y - length * Math.cos(radians(bearing)),
  };
}

function coneOf(point: Point, bearing: number): string {
  const [left, right] = [step(point, bearing - CONE_HALF, CONE), step(point, bearing + CONE_HALF, CONE)];
  return `M${at(point)}L${at(left)}A${CONE} ${CONE} 0 0 1 ${at(right)}Z`;
}

/** Put a number on its camera, or beside it where that hides no other; never over the edge. */
function labelAt(point: Point, bearing: number, taken: readonly Point[], box: Box): Point {
  const spots = RINGS.flatMap((length) =>
    Array.from({ length: TURNS }, (_, turn) => step(point, bearing + 180 + (turn * 360) / TURNS, length)),
  );
  const free = ({ x, y }: Point): boolean =>
    Math.min(x, y, box.width - x, box.height - BAR - y) > BADGE + 1 &&
    taken.every((other) => Math.hypot(other.x - x, other.y - y) > 2 * BADGE + 1);
  return [point, ...spots].find(free) ?? point;
}

function gridOf(middle: Point, apart: number, { width, height }: Box): string {
  const lines = (from: number, most: number, line: (where: number) => string): string[] => {
    const first = ((from % apart) + apart) % apart;
    return Array.from({ length: Math.max(0, Math.ceil((most - first) / apart)) }, (_, n) => line(first + n * apart));
  };
  return [
    ...lines(middle.x, width, (x) => `M${told(x)} 0V${height}`),
    ...lines(middle.y, height, (y) => `M0 ${told(y)}H${width}`),
  ].join("");
}

/** Fit it all into a box, north at the top. */
export function draw(area: Area, home: Place | null, cameras: readonly Stand[], box: Box): Drawing {
  const middle = middleOf(area);
  const ring = area.kind === "circle" ? [] : area.points.map((one) => flat(middle, one));
  const radius = area.kind === "circle" ? area.radius : 0;
  const corners = [{ x: -radius, y: -radius }, { x: radius, y: radius }];
  const places = [...(home ? [home] : []), ...cameras].map((one) => flat(middle, one));
  const { left, right, top, bottom } = extentOf([...ring, ...corners, ...places]);
  const scale = Math.min(
    Math.max(1, box.width - 2 * MARGIN) / Math.max(SPAN_MIN, right - left),
    Math.max(1, box.height - MARGIN - FOOT) / Math.max(SPAN_MIN, bottom - top),
  );
  const onMap = ({ x, y }: Point): Point => ({
    x: box.width / 2 + (x - (left + right) / 2) * scale,
    y: (box.height + MARGIN - FOOT) / 2 + (y - (top + bottom) / 2) * scale,
  });
  const drawn = onMap({ x: 0, y: 0 });
  const bar = barOf(scale);
  const spans = area.kind === "circle" ? { width: 2 * radius, height: 2 * radius } : spansOf(area);
  const north = { x: box.width - 20, y: 28 };
  const homeAt = home && onMap(flat(middle, home));
  return {
    area: {
      middle: drawn,
      radius: radius * scale,
      path: area.kind === "circle" ? null : `M${ring.map((one) => at(onMap(one))).join("L")}Z`,
      tiny: Math.max(spans.width, spans.height) * scale < 2 * TINY,
    },
    home: homeAt,
    north,
    cameras: marksOf(cameras, (one) => onMap(flat(middle, one)), homeAt ? [north, homeAt] : [north], box),
    bar,
    grid: gridOf(drawn, bar.pixels, box),
  };
}

function marksOf(
  cameras: readonly Stand[],
  place: (one: Stand) => Point,
  others: readonly Point[],
  box: Box,
): Mark[] {
  const taken = [...others];
  return cameras.map((one) => {
    const point = place(one);
    const label = labelAt(point, one.bearing ?? 180, taken, box);
    taken.push(label);
    return { ...point, cone: one.bearing === null ? null : coneOf(point, one.bearing), label };
  });
}
