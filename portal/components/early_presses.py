"""Presses on a page that is seen before its script is there: none is lost.

The first view looks ready because it is the page. Its links lead on by themselves; a button waits for the script, on
a slow phone a second or two. What is pressed until then is kept and pressed again once the page is live. Choosing a
member needs the stylesheet only, and filters at once.
"""

from portal.components.elements import Node, el

_SCRIPT = """
{
  const buttons = () => [...document.querySelectorAll(".frame button[type=button]")];
  const kept = new Map();
  const choose = (chosen) => {
    for (const other of chosen.parentElement.children) {
      other.setAttribute("aria-pressed", other === chosen);
      kept.delete(buttons().indexOf(other));
    }
    document.getElementById("main").dataset.who = chosen.dataset.choice;
  };
  addEventListener("click", (event) => {
    const pressed = event.target.closest?.(".frame button[type=button]:not([popovertarget])");
    if (!pressed || !document.getElementById("held")) return;
    event.stopImmediatePropagation();
    if (pressed.dataset.choice) choose(pressed);
    kept.set(buttons().indexOf(pressed), pressed.textContent);
  }, true);
  addEventListener("live", () => setTimeout(() => {
    const all = buttons();
    for (const [place, words] of kept) if (all[place]?.textContent === words) all[place].click();
    kept.clear();
  }));
}
"""
# The browser itself opens a popover. A page that is drawn anew has other elements in the same places; where another
# thing stands by then, nothing is pressed.


def early_presses() -> Node:
    """Stands in the document's head, so that it hears the first press; its hash is in the content policy."""
    return el.script(" ".join(_SCRIPT.split()))
