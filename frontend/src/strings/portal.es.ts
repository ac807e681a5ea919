export { desk } from "./es/desk";
export { portal } from "./es/portal";
