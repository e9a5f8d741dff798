// Copies a text and says so where screen readers listen; says it too when the browser refuses.

const REFUSED = "Could not copy. Select the text and copy it by hand";
const SHOWN_FOR_MS = 6000;

let hide = 0;

export async function copyText(text, said) {
  await copied(() => navigator.clipboard.writeText(text), said);
}

// Copies what our own server answers at this path: a link that is a key, and so in no page.
export async function copyFrom(path, said) {
  const address = asked(path);
  await copied(() => written(address), said);
}

async function copied(copy, said) {
  try {
    await copy();
    say(said, "copy-check");
  } catch (refused) {
    say(refused instanceof Told ? refused.message : REFUSED, "circle-alert");
  }
}

class Told extends Error {}

async function asked(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw new Told(await answer.text());
  return (await answer.json()).address;
}

// Some browsers copy only while the tap is fresh: they are promised the text, others wait for it.
async function written(address) {
  const text = address.then((found) => new Blob([found], { type: "text/plain" }));
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
  } catch {
    await navigator.clipboard.writeText(await address);
  }
}

function say(words, icon) {
  // What lies behind an open sheet is neither seen nor read out, so there the sheet has a place of its own.
  const inSheet = document.querySelector("dialog[open] .says");
  const place = inSheet ?? document.getElementById("toasts");
  if (!place) return;
  const toast = document.createElement("div");
  toast.className = inSheet ? "toast static" : "toast";
  const [icons] = document.querySelector("use").getAttribute("href").split("#");
  toast.innerHTML = `<svg class="i" aria-hidden="true"><use href="${icons}#${icon}"></use></svg><span></span>`;
  toast.lastChild.textContent = words;
  place.replaceChildren(toast);
  clearTimeout(hide);
  hide = setTimeout(() => place.replaceChildren(), SHOWN_FOR_MS);
}
