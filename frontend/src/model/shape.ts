/** Checks of what came over a wire: a value of the promised type, or a ShapeError. */

export class ShapeError extends Error {
  constructor(at: string, wanted: string) {
    super(`${at}: ${wanted} expected`);
    this.name = "ShapeError";
  }
}

/** Return the value as T, or throw naming the place. */
export type Check<T> = (value: unknown, at?: string) => T;

export type Checked<C> = C extends Check<infer T> ? T : never;

const ROOT = "answer";

export const text: Check<string> = (value, at = ROOT) => {
  if (typeof value !== "string") throw new ShapeError(at, "text");
  return value;
};

export const number: Check<number> = (value, at = ROOT) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new ShapeError(at, "number");
  return value;
};

export const flag: Check<boolean> = (value, at = ROOT) => {
  if (typeof value !== "boolean") throw new ShapeError(at, "true or false");
  return value;
};

/** A time of the wire, as milliseconds since 1970. */
export const time: Check<number> = (value, at = ROOT) => {
  const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
  const when = typeof value === "string" && rfc3339.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(when)) throw new ShapeError(at, "time");
  return when;
};

/** Text of a given form. */
export function matching(form: RegExp, wanted: string): Check<string> {
  return (value, at = ROOT) => {
    if (typeof value !== "string" || !form.test(value)) throw new ShapeError(at, wanted);
    return value;
  };
}

export const id = matching(/^[a-z2-7]{26}$/, "id");
export const digest = matching(/^[0-9a-f]{64}$/, "SHA-256");

/** A path on this server: never an address of another one. */
export const path = matching(/^\/(?![/\\])/, "path");

export function oneOf<const W extends readonly string[]>(words: W): Check<W[number]> {
  return (value, at = ROOT) => {
    const word = words.find((known) => known === value);
    if (word === undefined) throw new ShapeError(at, words.join(" or "));
    return word;
  };
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, at = ROOT) => (value === null ? null : check(value, at));
}

/** A field that may be missing: then it is this. */
export function or<T>(check: Check<T>, missing: T): Check<T> {
  return (value, at = ROOT) => (value === undefined ? missing : check(value, at));
}

/** A field that may be missing: then it is null. */
export function optional<T>(check: Check<T>): Check<T | null> {
  return (value, at = ROOT) => (value === undefined ? null : check(value, at));
}

export function list<T>(check: Check<T>): Check<T[]> {
  return (value, at = ROOT) => {
    if (!Array.isArray(value)) throw new ShapeError(at, "list");
    return value.map((item, index) => check(item, `${at}[${index}]`));
  };
}

type Shape = Record<string, Check<unknown>>;
type Fields<S extends Shape> = { [K in keyof S]: Checked<S[K]> };

/** An object with these fields; fields that are not known are left out. */
export function object<S extends Shape>(shape: S): Check<Fields<S>> {
  return (value, at = ROOT) => {
    const fields = record(value, at);
    const known: Record<string, unknown> = {};
    for (const [key, check] of Object.entries(shape)) known[key] = check(fields[key], `${at}.${key}`);
    return known as Fields<S>;
  };
}

/** Any object, its values unchecked. */
export const record: Check<Record<string, unknown>> = (value, at = ROOT) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ShapeError(at, "object");
  }
  return value as Record<string, unknown>;
};
