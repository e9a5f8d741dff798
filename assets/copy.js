// Copies a text and says so where screen readers listen; says it too when the browser refuses.

const REFUSED = "Could not copy. Select the text and copy it by hand";
const SHOWN_FOR_MS = 6000;

let hide = 0;

export async function copyText(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    say(said, "copy-check");
  } catch {
    say(REFUSED, "circle-alert");
  }
}

function say(words, icon) {
  const place = document.getElementById("toasts");
  if (!place) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.innerHTML = `<svg class="i" aria-hidden="true"><use href="/icons.svg#${icon}"></use></svg><span></span>`;
  toast.lastChild.textContent = words;
  place.replaceChildren(toast);
  clearTimeout(hide);
  hide = setTimeout(() => place.replaceChildren(), SHOWN_FOR_MS);
}
