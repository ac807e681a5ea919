/** What went wrong with a call, in words that help. */

export interface CallFault {
  /** The error code of the server, or one of ours. */
  readonly code: string;
  /** The server's sentence, already in the user's language; or empty. */
  readonly sentence: string;
}

/** Whatever a WebSocket call was rejected with. */
export function faultOf(error: unknown): CallFault {
  // Home Assistant's numbers stand for errors of the connection itself.
  if (typeof error === "number") return { code: "no_connection", sentence: "" };
  if (typeof error !== "object" || error === null) return { code: "unknown", sentence: "" };
  if (error instanceof Error) return { code: "strange_answer", sentence: "" };
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === "number") return faultOf(code);
  return {
    code: typeof code === "string" ? code : "unknown",
    sentence: typeof message === "string" ? message : "",
  };
}

/** Our own text for codes we know, else the server's sentence, else the general text. */
export function faultText(
  fault: CallFault,
  texts: Readonly<Record<string, string>> & { readonly unknown: string },
): string {
  const known = fault.code !== "unknown" && Object.hasOwn(texts, fault.code);
  const own = known ? texts[fault.code] : undefined;
  return own ?? (fault.sentence === "" ? texts.unknown : fault.sentence);
}
