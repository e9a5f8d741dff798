// A sheet is a dialog that a page draws while it is open. The browser does the rest: it traps the focus,
// makes what is behind it unreachable, and closes on Escape; here it is only told when to start and to stop.

const openers = new WeakMap();

function open(sheet) {
  openers.set(sheet, document.activeElement);
  sheet.showModal();
  // Escape and the dark part around it ask the page to close it, so that the page stays the one who knows.
  sheet.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(sheet);
  });
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet && outside(sheet, event)) close(sheet);
  });
}

function outside(sheet, event) {
  const box = sheet.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

function close(sheet) {
  sheet.querySelector("[data-close]")?.click();
}

function giveBackFocus(sheet) {
  const opener = openers.get(sheet);
  if (!openers.has(sheet) || document.querySelector("dialog[open]")) return;
  const back = opener?.isConnected && opener !== document.body ? opener : document.getElementById("main");
  back?.focus({ preventScroll: true });
}

function sheetsIn(nodes) {
  return [...nodes]
    .filter((node) => node instanceof Element)
    .flatMap((node) => (node.matches("dialog.sheet") ? [node] : [...node.querySelectorAll("dialog.sheet")]));
}

// The way back leads away from the page that the sheet is about.
addEventListener("popstate", () => document.querySelectorAll("dialog.sheet[open]").forEach(close));

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const sheet of sheetsIn(change.addedNodes)) if (!sheet.open) open(sheet);
    for (const sheet of sheetsIn(change.removedNodes)) if (!sheet.isConnected) giveBackFocus(sheet);
  }
}).observe(document.documentElement, { childList: true, subtree: true });
