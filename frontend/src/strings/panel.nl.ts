export { common, panel } from "./nl";
