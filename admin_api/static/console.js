// Shortcuts for the list, and a word before unsaved text is lost. Every page works without this file.

const rows = [...document.querySelectorAll("[data-list] tbody tr")];
const links = rows.map((row) => row.querySelector("a")).filter(Boolean);
const help = document.getElementById("shortcuts");

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function move(step) {
  const at = links.indexOf(document.activeElement);
  const chosen = links.findIndex((link) => link.getAttribute("aria-current") === "true");
  const from = at >= 0 ? at : chosen;
  const to = Math.min(Math.max(from + step, 0), links.length - 1);
  links[to]?.focus();
  links[to]?.scrollIntoView({ block: "nearest" });
}

const shortcuts = {
  j: () => move(1),
  k: () => move(-1),
  o: () => links.includes(document.activeElement) && document.activeElement.click(),
  "/": () => document.querySelector("form.filters select, form.filters input:not([type=hidden])")?.focus(),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help?.open) return;
  const act = shortcuts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

for (const row of rows) {
  const link = row.querySelector("th a");
  if (!link) continue;
  row.classList.add("clickable");
  row.addEventListener("click", (event) => {
    const chosenText = String(getSelection());
    if (!event.target.closest("a, button, input, label") && !chosenText) link.click();
  });
}

document.querySelector("tr.chosen")?.scrollIntoView({ block: "nearest" });

for (const form of document.querySelectorAll("form[data-guard]")) {
  let isChanged = false;
  form.addEventListener("input", () => (isChanged = true));
  form.addEventListener("submit", () => (isChanged = false));
  addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
}
