export { desk } from "./nl/desk";
export { portal } from "./nl/portal";
