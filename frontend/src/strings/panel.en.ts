export { common, panel } from "./en";
