// How the live page takes over the document it came in, without drawing again what is already there.

import { useLayoutEffect } from "react";
import { initialState } from "$/utils/context";

// The rows the document was made from, under the names the state has for them: what React draws first is then what
// stands there, and it takes the elements over as they are. Runs before anything is drawn.
const held = typeof document === "undefined" ? null : document.getElementById("held");
if (held) {
  for (const [state, fields] of Object.entries(JSON.parse(held.content.textContent))) {
    initialState[state] = { ...initialState[state], ...fields };
  }
  held.remove();
}

export function Held({ children }) {
  return children;
}

// From here on a press on anything in the page is answered: React leaves attributes alone when it takes over.
export function Live() {
  useLayoutEffect(() => document.getElementById("main")?.setAttribute("data-ready", "true"), []);
  return null;
}
