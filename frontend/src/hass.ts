/** What the panel uses of Home Assistant's frontend. */

import type { Caller } from "./model/call";
import type { UserLocale } from "./model/manner";

export interface Hass extends Caller {
  readonly connection: {
    subscribeMessage(
      callback: (message: unknown) => void,
      message: { type: string } & Record<string, unknown>,
    ): Promise<() => Promise<void>>;
    addEventListener(event: "ready" | "disconnected", callback: () => void): void;
    removeEventListener(event: "ready" | "disconnected", callback: () => void): void;
  };
  readonly locale?: UserLocale;
  readonly dockedSidebar?: string;
  fetchWithAuth(path: string): Promise<Response>;
}
