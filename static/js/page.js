// What every page needs: menus that close, rows that answer to arrow keys, the CSRF token on htmx requests, a warning
// before unsaved work is left.

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
  else if (event.key === "/" && !isTyping(event.target)) focusSearch(event);
  else if (event.key === "Enter" && event.target.dataset.enter) pressInstead(event);
  else if (event.target.matches("tr[tabindex]")) moveInRows(event);
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
  // Nobody did anything: a page that waits for a figure must not keep a session open.
  if (!event.detail.triggeringEvent) event.detail.headers["X-By-Itself"] = "1";
});

// A refused form comes back as 4xx with the form and its errors in it: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([400, 403, 409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// Whoever comes back to a page after a while finds the bell as it is now; nothing asks while nobody looks.
const REST_MS = 60_000;
let leftAt = Date.now();
document.addEventListener("visibilitychange", () => {
  if (document.hidden) leftAt = Date.now();
  else if (Date.now() - leftAt > REST_MS) document.body.dispatchEvent(new CustomEvent("look-again"));
});

document.addEventListener("DOMContentLoaded", prepareRows);
document.addEventListener("htmx:load", prepareRows);

// Work that was typed and not sent: the browser asks before it is left behind.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.method === "post" && event.target.type !== "search") form.dataset.unsaved = "";
});
document.addEventListener("submit", (event) => delete event.target.dataset.unsaved);
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-unsaved], .amount-form.htmx-request")) event.preventDefault();
});

const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();

function closeMenus() {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

function isTyping(element) {
  return element.matches("input, select, textarea, [contenteditable]");
}

// Enter in a box that has its own button within a larger form.
function pressInstead(event) {
  event.preventDefault();
  document.getElementById(event.target.dataset.enter).click();
}

function focusSearch(event) {
  const box = document.querySelector("input[type=search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

// One stop in the tab order for a table; the arrows move from row to row.
function prepareRows() {
  for (const body of document.querySelectorAll("table[data-keys] > tbody")) {
    const rows = body.querySelectorAll(":scope > tr");
    if (!rows.length || body.querySelector("tr[tabindex]")) continue;
    for (const row of rows) row.tabIndex = -1;
    rows[0].tabIndex = 0;
  }
}

function moveInRows(event) {
  const row = event.target;
  const all = [...row.parentElement.children];
  const at = all.indexOf(row);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
  if (event.key === "Enter") {
    const link = row.querySelector("a[href]");
    if (link) link.click();
    return;
  }
  if (!(event.key in steps)) return;
  event.preventDefault();
  const next = all[Math.max(0, Math.min(all.length - 1, steps[event.key]))];
  row.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
