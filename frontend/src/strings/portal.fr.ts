export { desk } from "./fr/desk";
export { portal } from "./fr/portal";
