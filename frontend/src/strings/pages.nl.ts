export { ask } from "./nl/ask";
export { common } from "./nl/common";
export { status } from "./nl/status";
