export { ask, common, status } from "./es";
