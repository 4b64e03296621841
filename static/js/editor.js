// The amounts of an inventory as one column: Enter and the arrows walk through it, Escape takes back what was typed,
// "=" takes the value of the period before, and cells copied in a spreadsheet go to the page that compares them.

const AMOUNT = "input[data-line]";

document.addEventListener("keydown", (event) => {
  if (!event.target.matches(AMOUNT)) return;
  const box = event.target;
  const steps = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) walk(box, steps[event.key]);
  else if (event.key === "Escape") takeBack(box);
  else if (event.key === "=" && takeOver(box)) box.select();
  else return;
  event.preventDefault();
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
  waiting = setTimeout(() => preview(event.target), 150);
});
document.addEventListener("line-changed", () => {
  for (const slot of document.querySelectorAll(".preview-slot")) slot.replaceChildren();
});

function preview(box) {
  if (!box.isConnected) return;
  const slot = box.closest(".process-block").querySelector(".preview-slot");
  window.htmx.ajax("GET", box.dataset.preview, { source: slot, target: slot, values: { amount: box.value } });
}

// Leaving the box saves it, if something else stands in it now. In the last one Enter saves, too.
function walk(box, step) {
  const all = [...document.querySelectorAll(AMOUNT)];
  const next = all[all.indexOf(box) + step];
  if (next) next.focus();
  else box.blur();
}

function takeOver(box) {
  const before = box.closest("tr").querySelector(".ghost-take");
  if (before) box.value = before.value;
  return Boolean(before);
}

function takeBack(box) {
  box.value = box.defaultValue;
  delete box.form.dataset.unsaved;
}
