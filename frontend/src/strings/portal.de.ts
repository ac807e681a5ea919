export { desk } from "./de/desk";
export { portal } from "./de/portal";
