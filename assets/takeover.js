// How the live page takes over the document it came in, without drawing again what is already there.

import { useLayoutEffect } from "react";
import { initialState } from "$/utils/context";

const rows = () => document.getElementById("held");
let read = typeof document === "undefined";

// Stands around everything that reads a state, and begins with the rows the document was made from: what React draws
// first is then what stands there, and it takes the elements over as they are.
export function Held({ children }) {
  if (!read) {
    read = true;
    const held = JSON.parse(rows()?.content.textContent ?? "{}");
    for (const [state, fields] of Object.entries(held)) initialState[state] = { ...initialState[state], ...fields };
  }
  return children;
}

// From here on a press on anything in the page is answered: React leaves attributes alone when it takes over.
export function Live() {
  useLayoutEffect(() => {
    rows()?.remove();
    document.getElementById("main")?.setAttribute("data-ready", "true");
    dispatchEvent(new Event("live"));
  }, []);
  return null;
}
