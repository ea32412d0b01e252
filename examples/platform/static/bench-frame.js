"use strict";

// In a frame: passes on what was chosen, and tells how tall it is.
addEventListener("click", ({ target }) => {
  if (target.dataset?.choice) parent.postMessage({ choice: target.dataset.choice }, "*");
});
addEventListener("message", ({ data }) => {
  const frame = document.querySelector("iframe");
  if (frame && data.height) frame.style.height = `${data.height}px`;
});
const tell = () => {
  if (document.querySelector(".feed")) parent.postMessage({ height: document.body.offsetHeight }, "*");
};
new ResizeObserver(tell).observe(document.body);
