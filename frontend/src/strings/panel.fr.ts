export { common, panel } from "./fr";
