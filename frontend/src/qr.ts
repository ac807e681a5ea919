/** Lazy bundle: draws QR codes. */

import { generate } from "lean-qr";

/** Draw dark on light, whatever the theme: scanners need it so, and the quiet edge. */
export function drawQr(canvas: HTMLCanvasElement, text: string): void {
  generate(text).toCanvas(canvas, { on: [0, 0, 0], off: [255, 255, 255], pad: 4 });
}
