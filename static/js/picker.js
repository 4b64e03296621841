// A search box and the choices below it as one combobox: the arrows walk through the choices, Enter takes one, Escape
// empties the box. Without this file the choices are radio buttons, which they stay underneath.

const box = document.querySelector("[data-picks]");
let taken; // the choice that somebody made here, if it is not the one the page came with
if (box) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-controls", box.dataset.picks);
  box.setAttribute("aria-expanded", "true");
  box.setAttribute("aria-autocomplete", "list");
  box.addEventListener("keydown", move);
  document.addEventListener("htmx:load", prepare);
  document.addEventListener("change", tell);
  prepare();
}

function list() {
  return document.getElementById(box.dataset.picks);
}

function options() {
  return [...list().querySelectorAll("label.choice")];
}

// After every search: the words of a listbox, and the best match ready to be taken with Enter.
function prepare() {
  if (list().getAttribute("role") === "listbox") return;
  list().setAttribute("role", "listbox");
  list().setAttribute("aria-label", box.labels[0].textContent);
  list().querySelectorAll("fieldset").forEach((group, at) => {
    const legend = group.querySelector("legend");
    legend.id = `${list().id}-group-${at}`;
    legend.setAttribute("role", "presentation");
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", legend.id);
  });
  options().forEach((option, at) => {
    option.id = `${list().id}-option-${at}`;
    option.setAttribute("role", "option");
    option.querySelector("input").hidden = true;
  });
  keep();
  tell();
  activate(options().find((option) => "best" in option.dataset));
}

// What was taken stays taken: the answer to a search that comes later takes the place of the whole list.
function keep() {
  if (!taken) return;
  const value = taken.querySelector("input").value;
  const again = options().find((option) => option.querySelector("input").value === value);
  if (!again) list().querySelector("fieldset").append(taken);
  (again ?? taken).querySelector("input").checked = true;
}

function tell() {
  for (const option of options()) {
    option.setAttribute("aria-selected", String(option.querySelector("input").checked));
  }
  taken = options().find((option) => chosenHere(option.querySelector("input")));
}

function chosenHere(input) {
  return input.checked && !input.defaultChecked;
}

function activate(option) {
  for (const each of options()) each.classList.toggle("is-active", each === option);
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
}

function move(event) {
  const all = options();
  const at = all.findIndex((option) => option.classList.contains("is-active"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? all.length - 1 : at - 1;
    activate(all[(next + all.length) % all.length]);
    all[(next + all.length) % all.length].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter") {
    if (at >= 0) all[at].click();
  } else if (event.key === "Escape" && box.value) {
    box.value = "";
    box.dispatchEvent(new Event("search"));
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}
