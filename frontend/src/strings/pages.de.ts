export { ask, common, status } from "./de";
