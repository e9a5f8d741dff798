// Inside the provider's own website: the host is told how tall the page is, and sheets open near the tap.

let tap = 16;

// The frame may be taller than the window it is shown in: the observer knows which part of it can be seen.
function near(sheet) {
  new IntersectionObserver(([{ intersectionRect: seen }], observer) => {
    observer.disconnect();
    sheet.style.maxHeight = `${Math.min(640, seen.height - 32)}px`;
    const room = seen.bottom - sheet.offsetHeight - 16;
    sheet.style.top = `${Math.max(seen.top + 16, Math.min(tap - 120, room))}px`;
  }).observe(document.documentElement);
}

function at(y) {
  if (document.querySelector("dialog[open]")) return;
  tap = y;
  document.documentElement.style.setProperty("--tap", `${y}px`);
}

addEventListener("pointerdown", (event) => at(event.clientY), { capture: true });
addEventListener("focusin", (event) => at(event.target.getBoundingClientRect().top));

new MutationObserver((changes) => {
  for (const { target } of changes) if (target.matches("dialog.sheet[open]")) near(target);
}).observe(document.documentElement, { attributeFilter: ["open"], subtree: true });

// Only sites that the provider allows can hold this frame, and a height says nothing of a family.
function tell() {
  parent.postMessage({ portalHeight: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
}

new ResizeObserver(tell).observe(document.body);
