export { common, panel } from "./es";
