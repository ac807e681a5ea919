export { ask } from "./en/ask";
export { common } from "./en/common";
export { status } from "./en/status";
