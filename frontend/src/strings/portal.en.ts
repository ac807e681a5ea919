export { desk } from "./en/desk";
export { portal } from "./en/portal";
