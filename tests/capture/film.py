"""A small film, made by the browser itself: noise, and beside it a field that is red, then blue."""

import base64

from capture.browser import DESKTOP, Browser, open_page

SECONDS = 3.0
_MADE = """async (seconds) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [320, 240];
  const drawn = canvas.getContext('2d'), noise = drawn.createImageData(160, 240);
  const draw = (second) => {
    drawn.fillStyle = second < seconds / 2 ? 'rgb(255 0 0)' : 'rgb(0 0 255)';
    drawn.fillRect(0, 0, 160, 240);
    for (let n = 0; n < noise.data.length; n++)
      noise.data[n] = n % 4 === 3 ? 255 : 256 * Math.random();
    drawn.putImageData(noise, 160, 0);
  };
  draw(0);
  const options = {mimeType: 'video/webm;codecs=vp8', videoBitsPerSecond: 4e6};
  const recorder = new MediaRecorder(canvas.captureStream(10), options), pieces = [];
  recorder.ondataavailable = (told) => pieces.push(told.data);
  const ended = new Promise(r => { recorder.onstop = r; });
  recorder.start();
  const began = performance.now();
  for (let now = 0; now < seconds; now = (performance.now() - began) / 1000) {
    draw(now);
    await new Promise(r => setTimeout(r, 100));
  }
  recorder.stop();
  await ended;
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}"""


async def film(browser: Browser) -> bytes:
    """WebM with VP8, 320 × 240; its field is red for the first half and blue for the second."""
    async with open_page(browser, DESKTOP) as page:
        return base64.b64decode(await page.evaluate(_MADE, SECONDS))
