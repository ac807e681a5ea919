export { common, panel } from "./de";
