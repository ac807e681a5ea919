export { ask } from "./de/ask";
export { common } from "./de/common";
export { status } from "./de/status";
