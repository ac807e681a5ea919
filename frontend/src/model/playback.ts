/** Whether a browser plays a film, and what a saved one is called. */

/** Codec strings of common profiles; a browser that knows the codec knows these. */
const CODECS: Record<string, string> = {
  h264: "avc1.640028",
  hevc: "hvc1.1.6.L120.90",
  av1: "av01.0.08M.08",
  vp9: "vp09.00.40.08",
  mpeg4: "mp4v.20.9",
};

/** Ask a video element. An unknown codec is tried: the element will say. */
export function canPlay(codec: string, canPlayType: (type: string) => string): boolean {
  const known = CODECS[codec];
  return known === undefined || canPlayType(`video/mp4; codecs="${known}"`) !== "";
}

/** What cameras record, as a rule: a clip is sent as it was recorded. */
const RECORDED = ["h264", "hevc", "av1"];

/** Which of what cameras record the browser plays, by the names that people know. */
export function played(canPlayType: (type: string) => string): string[] {
  return RECORDED.filter((codec) => canPlay(codec, canPlayType)).map(codecName);
}

/** How people know a codec. */
export function codecName(codec: string): string {
  const names: Record<string, string> = { h264: "H.264", hevc: "H.265 (HEVC)", av1: "AV1", vp9: "VP9" };
  return names[codec] ?? codec.toUpperCase();
}

/** `clip-2026-11-23T18-01-58Z.mp4`: the time of its first frame, as evidence systems like it. */
export function fileName(kind: "clip" | "answer" | "manifest" | "receipt", start: number): string {
  const at = `${new Date(start).toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
  const ending = { clip: "mp4", answer: "txt", manifest: "jws", receipt: "json" }[kind];
  return `${kind}-${at}.${ending}`;
}
