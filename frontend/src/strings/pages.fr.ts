export { ask, common, status } from "./fr";
