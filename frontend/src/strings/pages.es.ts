export { ask } from "./es/ask";
export { common } from "./es/common";
export { status } from "./es/status";
