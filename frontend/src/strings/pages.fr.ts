export { ask } from "./fr/ask";
export { common } from "./fr/common";
export { status } from "./fr/status";
