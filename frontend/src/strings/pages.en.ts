export { ask, common, status } from "./en";
