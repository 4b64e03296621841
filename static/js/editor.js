// The amounts of an inventory as one column: Enter and the arrows walk through it, Escape takes back what was typed,
// "=" takes the value of the period before, and cells copied in a spreadsheet go to the page that compares them.
// Leaving a box stores what was typed in it; without this file Enter does. What is typed while an earlier answer is on
// its way goes over into the row that the answer brings, and is stored after it.

const AMOUNT = "input[data-line]";
const PAUSE_MS = 150;
const CONFLICT = 409;

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

// Not the browser's own "change": that leaves out what a script put in, as a value taken over or carried over.
document.addEventListener("focusout", (event) => {
  const box = event.target;
  if (!box.matches(AMOUNT) || box === left?.box) return;
  if ("unsaved" in box.form.dataset && box.value !== box.defaultValue) store(box);
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
  waiting = setTimeout(() => preview(event.target, event), PAUSE_MS);
});
document.addEventListener("line-changed", () => {
  for (const slot of document.querySelectorAll(".preview-slot")) slot.replaceChildren();
});

function preview(box, event) {
  if (!box.isConnected) return;
  const slot = box.closest(".process-block").querySelector(".preview-slot");
  const address = new URL("../preview/", box.form.action).pathname;
  const asked = { source: slot, target: slot, values: { amount: box.value }, event };
  window.htmx.ajax("GET", address, asked).catch(() => {}); // a later one took its place
}

// One change of a line is under way at a time: the next one needs the version that the one before it made.
const underWay = new Set();
const waitsForAnswer = new Set();

async function store(box) {
  const line = box.dataset.line;
  if (underWay.has(line)) {
    waitsForAnswer.add(line);
    return;
  }
  clearTimeout(waiting);
  const sent = box.value;
  delete box.form.dataset.unsaved;
  underWay.add(line);
  let status = 0;
  const listen = (event) => (status = event.detail.xhr.status);
  box.form.addEventListener("htmx:afterRequest", listen, { once: true });
  try {
    await window.htmx.ajax("POST", box.form.action, { source: box.form, target: box.closest("tr") });
  } catch {
    // nobody answered: told below, as when the answer was an error
  }
  underWay.delete(line);
  carryOn(box, sent, status, waitsForAnswer.delete(line));
}

// Of a row that was replaced the old box is still at hand, with all that was typed in it meanwhile. What was refused is
// sent anew when it was mended; what clashes with somebody else's change waits until its person has seen that.
function carryOn(old, sent, status, isWaiting) {
  const box = document.querySelector(`${AMOUNT}[data-line="${old.dataset.line}"]`);
  const isAnswered = box !== old;
  tell(old.dataset.line, isAnswered);
  if (!isAnswered) box.form.dataset.unsaved = "";
  else if (box) takeAlong(old, box, sent, isWaiting && status !== CONFLICT);
  left = null;
}

// The lines of which no answer came; the alert stays until each was sent again or taken back.
const unsent = new Set();

function tell(line, isSettled) {
  if (isSettled) unsent.delete(line);
  else unsent.add(line);
  document.getElementById("unsent").hidden = unsent.size === 0;
}

function takeAlong(old, box, sent, isToBeStored) {
  const isLater = old.value !== sent;
  if (isLater) box.value = old.value;
  if (old === left?.box) {
    box.focus();
    box.setSelectionRange(left.start, left.end);
  }
  if (isLater) box.dispatchEvent(new Event("input", { bubbles: true }));
  if (isLater && isToBeStored) store(box);
}

// The box that has the focus when its row is replaced, and where in it somebody was typing.
let left = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const box = document.activeElement;
  const isReplaced = box.matches(AMOUNT) && event.detail.target.contains(box);
  left = isReplaced ? { box, start: box.selectionStart, end: box.selectionEnd } : null;
});

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
  tell(box.dataset.line, true);
}
