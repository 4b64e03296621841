// "@" and the beginning of a name: those who may read this, as a list below the box. The arrows walk through it, Enter
// or Tab takes one, Escape closes it. Without this file names are typed to their end.

const people = JSON.parse(document.getElementById("callable")?.textContent ?? "[]");
const CALL = /(?:^|[^\p{L}\p{N}])@([^\s@]*)$/u;
const MOST = 8;

if (people.length) {
  for (const box of document.querySelectorAll("textarea[name=text]")) prepare(box);
}

function prepare(box) {
  const list = document.createElement("ul");
  list.id = `${box.id}-calls`;
  list.className = "calls";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.getElementById("callable-label").textContent);
  list.hidden = true;
  box.after(list);
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.addEventListener("input", () => offer(box, list));
  box.addEventListener("keydown", (event) => walk(event, box, list));
  box.addEventListener("blur", () => close(box, list));
  // taking one with the mouse must not leave the box first
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option, box, list);
  });
}

function begun(box) {
  return CALL.exec(box.value.slice(0, box.selectionStart))?.[1];
}

function offer(box, list) {
  const typed = begun(box)?.toLocaleLowerCase();
  const fits = (name) => name.split(/\s+/).some((word) => word.toLocaleLowerCase().startsWith(typed));
  const found = typed === undefined ? [] : people.filter(fits).slice(0, MOST);
  list.replaceChildren(...found.map((name, at) => option(name, `${list.id}-${at}`)));
  list.hidden = !found.length;
  activate(list.firstElementChild, box, list);
}

function option(name, id) {
  const made = document.createElement("li");
  made.id = id;
  made.textContent = name;
  made.setAttribute("role", "option");
  return made;
}

function activate(chosen, box, list) {
  for (const each of list.children) each.setAttribute("aria-selected", String(each === chosen));
  if (chosen && !list.hidden) box.setAttribute("aria-activedescendant", chosen.id);
  else box.removeAttribute("aria-activedescendant");
}

function walk(event, box, list) {
  if (list.hidden || event.isComposing) return;
  const all = [...list.children];
  const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) activate(all[(at + steps[event.key] + all.length) % all.length], box, list);
  else if (event.key === "Enter" || event.key === "Tab") take(all[at], box, list);
  else if (event.key === "Escape") close(box, list);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function take(chosen, box, list) {
  const from = box.selectionStart - begun(box).length;
  box.setRangeText(`${chosen.textContent} `, from, box.selectionStart, "end");
  close(box, list);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function close(box, list) {
  list.hidden = true;
  box.removeAttribute("aria-activedescendant");
}
