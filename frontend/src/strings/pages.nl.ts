export { ask, common, status } from "./nl";
