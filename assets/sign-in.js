// A complete code sends itself, a moment after its last character: whoever presses Enter or the button is first.
// Spaces and dashes of a pasted code are dropped.
let soon;
document.addEventListener("submit", () => clearTimeout(soon));
document.addEventListener("input", ({ target }) => {
  if (target.autocomplete !== "one-time-code") return;
  clearTimeout(soon);
  const code = target.value.replace(/[^0-9a-z]/gi, "");
  if (code !== target.value) target.value = code;
  if (code.length === 6) soon = setTimeout(() => target.form.requestSubmit(), 400);
});
