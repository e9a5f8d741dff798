"""Keeping small things in a window where the browser lets the portal keep nothing.

In a frame of another website many browsers refuse all storage: not with an empty answer, but with an error, and that
error would end the framework's first drawing. What it keeps there (which window this is, how far it was scrolled) may
as well last only as long as the page.
"""

from portal.components.elements import Node, el

_SCRIPT = """
for (const name of ["localStorage", "sessionStorage"]) {
  try { window[name].length; } catch {
    const kept = new Map();
    Object.defineProperty(window, name, { value: {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => void kept.set(String(key), String(value)),
      removeItem: (key) => void kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (at) => [...kept.keys()][at] ?? null,
      get length() { return kept.size; },
    } });
  }
}
"""


def storage_for_frames() -> Node:
    """Stands in the document's head, before any other script runs; its hash is in the content policy."""
    return el.script(" ".join(_SCRIPT.split()))
