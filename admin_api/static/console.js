// Shortcuts for the list, several rows chosen at once, who else is here, and a word before unsaved text is lost.
// Every page works without this file.

const rows = [...document.querySelectorAll("[data-list] tbody tr")];
const links = rows.map((row) => row.querySelector("a")).filter(Boolean);
const picks = rows.map((row) => row.querySelector(".pick input")).filter(Boolean);
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
  x: () => pick(document.activeElement.closest("tr")?.querySelector(".pick input")),
  X: () => pickAll(!picks.every((each) => each.checked)),
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

function pick(box) {
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function pickAll(isChosen) {
  for (const each of picks) each.checked = isChosen;
  picks[0]?.dispatchEvent(new Event("change", { bubbles: true }));
}

// Shift chooses all rows between this one and the last.
let last = null;
for (const box of picks) {
  box.closest(".pick").addEventListener("click", (event) => event.stopPropagation());
  box.addEventListener("click", (event) => {
    if (event.shiftKey && last) {
      const [from, to] = [picks.indexOf(last), picks.indexOf(box)].sort((one, other) => one - other);
      for (const each of picks.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
  });
}

const bulk = document.getElementById("bulk");
if (bulk) {
  const count = bulk.querySelector("[data-count]");
  const all = bulk.elements.namedItem("all");
  const place = document.querySelector("[data-pick-all]");
  const whole = document.createElement("input");
  whole.type = "checkbox";
  whole.setAttribute("aria-label", place.dataset.pickAll);
  place.replaceChildren(whole);
  whole.addEventListener("change", () => pickAll(whole.checked));
  const show = () => {
    const chosen = picks.filter((each) => each.checked).length;
    whole.checked = chosen > 0 && chosen === picks.length;
    whole.indeterminate = chosen > 0 && chosen < picks.length;
    count.hidden = chosen === 0 || all.checked;
    count.textContent = count.dataset.count.replace("{count}", chosen);
  };
  for (const each of [...picks, all]) each.addEventListener("change", show);
  addEventListener("pageshow", show);
  bulk.addEventListener("submit", (event) => {
    if (all.checked || picks.some((each) => each.checked)) return;
    event.preventDefault();
    count.hidden = false;
    count.textContent = bulk.dataset.none;
  });
}

// What was confirmed is sent in parts, so that one sees how far it has come. Each item is done once, whatever is sent.
const PART = 10;
const confirmed = document.querySelector("form[data-parts]");
confirmed?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(confirmed, event.submitter);
  const items = given.getAll("item");
  given.delete("item");
  for (const button of confirmed.querySelectorAll("button")) button.disabled = true;
  const bar = Object.assign(document.createElement("progress"), { max: items.length, value: 0 });
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  confirmed.append(line, bar);
  bar.setAttribute("aria-label", confirmed.dataset.parts.replace("{done}", 0).replace("{total}", items.length));
  let page = null;
  for (let from = 0; from < items.length; from += PART) {
    line.textContent = confirmed.dataset.parts.replace("{done}", from).replace("{total}", items.length);
    bar.value = from;
    const part = await sendPart(given, items.slice(from, from + PART));
    if (!part) {
      const left = document.createElement("p");
      left.className = "notice problem";
      left.setAttribute("role", "alert");
      left.textContent = confirmed.dataset.broken.replace("{left}", items.length - from);
      if (!page) line.replaceWith(left);
      else page.querySelector("[data-summary]").after(left);
      bar.remove();
      break;
    }
    if (page) page.querySelector("tbody").append(...part.querySelectorAll("tbody tr"));
    else page = part;
  }
  if (!page) {
    for (const button of confirmed.querySelectorAll("button")) button.disabled = false;
    return;
  }
  const rowsDone = [...page.querySelectorAll("[data-item]")];
  const done = rowsDone.filter((row) => row.dataset.done === "1").length;
  const summary = page.querySelector("[data-summary]");
  summary.textContent = summary.dataset.summary.replace("{done}", done).replace("{others}", rowsDone.length - done);
  document.getElementById("bulk-page").replaceWith(page);
  page.focus();
});

async function sendPart(given, items) {
  const body = new URLSearchParams(given);
  for (const item of items) body.append("item", item);
  try {
    const answer = await fetch(confirmed.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("bulk-page");
    return answer.ok ? page : null;
  } catch {
    return null;
  }
}

// Who else is here: asked while somebody is at the page, so that an open page alone keeps no session alive.
const here = document.querySelector("[data-here]");
if (here) {
  let touched = Date.now();
  for (const kind of ["pointermove", "keydown", "scroll"]) {
    addEventListener(kind, () => (touched = Date.now()), { passive: true });
  }
  setInterval(async () => {
    if (document.hidden || Date.now() - touched > 120_000) return;
    try {
      const body = new URLSearchParams({ csrf: here.dataset.csrf });
      const answer = await fetch(here.dataset.here, { method: "POST", body, redirect: "error" });
      if (answer.ok) here.textContent = await answer.text();
    } catch {
      here.textContent = "";
    }
  }, 45_000);
}

document.querySelector("tr.chosen")?.scrollIntoView({ block: "nearest" });

// In the half-year review a digit says what becomes of an entry, and the next one is at hand.
const judging = document.querySelector("[data-judging]");
if (judging) {
  const groups = [...document.querySelectorAll("[data-digits]")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    if (event.target.closest("textarea, select, input:not([type=radio])")) return;
    const group = event.target.closest("[data-digits]") ?? groups.find((each) => !each.querySelector(":checked"));
    const choice = group?.querySelectorAll("input")[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    judging.dispatchEvent(new Event("input"));
    const after = groups[groups.indexOf(group) + 1];
    (after?.querySelector(":checked") ?? after?.querySelector("input") ?? document.querySelector("button[form=judging]")).focus();
  });
}

for (const form of document.querySelectorAll("form[data-guard]")) {
  let isChanged = false;
  form.addEventListener("input", () => (isChanged = true));
  form.addEventListener("submit", () => (isChanged = false));
  addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
}
