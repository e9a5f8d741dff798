// The code sends itself once all six characters are there; spaces and dashes of a pasted one are dropped.
document.addEventListener("input", ({ target }) => {
  if (target.autocomplete !== "one-time-code") return;
  const code = target.value.replace(/[^0-9a-z]/gi, "");
  if (code !== target.value) target.value = code;
  if (code.length === 6) target.form.requestSubmit();
});
