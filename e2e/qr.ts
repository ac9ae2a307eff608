// Reads a QR code as a camera sees it: from the pixels of a screenshot, not from what drew it.
import jsQR from "jsqr";
import type { Locator, Page } from "./socle.ts";

/** The text of the code in `drawing`; `canvas` is any page that runs scripts, to unpack the picture. */
export async function scanned(drawing: Locator, canvas: Page): Promise<string | undefined> {
  const png = (await drawing.screenshot()).toString("base64");
  const { width, height, pixels } = await canvas.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const { width, height } = picture;
    const drawn = new OffscreenCanvas(width, height).getContext("2d")!;
    drawn.drawImage(picture, 0, 0);
    let text = "";
    for (const value of drawn.getImageData(0, 0, width, height).data) text += String.fromCharCode(value);
    return { width, height, pixels: btoa(text) };
  }, png);
  // A camera app looks for dark on light.
  const read = (jsQR as unknown as { default?: typeof jsQR }).default ?? jsQR;
  return read(new Uint8ClampedArray(Buffer.from(pixels, "base64")), width, height, { inversionAttempts: "dontInvert" })?.data;
}
