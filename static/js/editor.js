// The amounts of an inventory as one column: Enter and the arrows walk through it, Escape takes back what was typed,
// "=" takes the value of the period before, and cells copied in a spreadsheet go to the page that compares them.
// Leaving a box stores what was typed in it; without this file Enter does.

const AMOUNT = "input[data-line]";
const PAUSE_MS = 150;

document.addEventListener("keydown", (event) => {
  if (!event.target.matches(AMOUNT)) return;
  const box = event.target;
  const steps = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) walk(box, steps[event.key]);
  else if (event.key === "Escape") takeBack(box);
  else if (event.key === "=") takeOver(box);
  else return;
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (event.target.matches(AMOUNT)) store(event.target);
});

document.addEventListener("submit", (event) => {
  const box = event.target.querySelector(AMOUNT);
  if (!box) return;
  event.preventDefault();
  store(box);
});

document.addEventListener("click", (event) => {
  const before = event.target.closest(".ghost-take");
  if (!before) return;
  const box = before.closest("tr").querySelector(AMOUNT);
  box.value = before.value;
  store(box);
});

// Taking a value over must not leave the box first, which would store what stands in it.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".ghost-take")) event.preventDefault();
});

document.addEventListener("paste", (event) => {
  if (!event.target.matches(AMOUNT)) return;
  const text = event.clipboardData.getData("text/plain");
  if (!/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const form = document.getElementById("paste");
  form.action = event.target.closest("[data-paste]").dataset.paste;
  form.elements.at.value = event.target.dataset.line;
  form.elements.text.value = text;
  form.submit();
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches(AMOUNT)) event.target.select();
});

// What the figures and the balance of the process would be, while the amount is being typed.
let waiting;
document.addEventListener("input", (event) => {
  if (!event.target.matches(AMOUNT)) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => preview(event.target), PAUSE_MS);
});
document.addEventListener("line-changed", () => {
  for (const slot of document.querySelectorAll(".preview-slot")) slot.replaceChildren();
});

function preview(box) {
  if (!box.isConnected) return;
  const slot = box.closest(".process-block").querySelector(".preview-slot");
  const address = new URL("../preview/", box.form.action).pathname;
  window.htmx.ajax("GET", address, { source: slot, target: slot, values: { amount: box.value } });
}

function store(box) {
  if (box.form.classList.contains("htmx-request")) return;
  clearTimeout(waiting);
  delete box.form.dataset.unsaved;
  window.htmx.ajax("POST", box.form.action, { source: box.form, target: box.closest("tr") });
}

// Leaving the box stores it, if something else stands in it now. In the last one Enter does, too.
function walk(box, step) {
  const all = [...document.querySelectorAll(AMOUNT)];
  const next = all[all.indexOf(box) + step];
  if (next) next.focus();
  else box.blur();
}

function takeOver(box) {
  const before = box.closest("tr").querySelector(".ghost-take");
  if (!before) return;
  box.value = before.value;
  box.select();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function takeBack(box) {
  box.value = box.defaultValue;
  delete box.form.dataset.unsaved;
}
