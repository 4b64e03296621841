// The viewer is dark by a class of its own: it follows the theme of the product, which theme.js finds out.
document.addEventListener("theme:changed", function () {
  const root = document.documentElement;
  root.classList.toggle("dark-mode", root.getAttribute("data-bs-theme") === "dark");
});
