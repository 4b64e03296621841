// Runs in the head before anything is painted: the theme the person chose, else the one their system asks for.
(function () {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    const chosen = (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1];
    root.setAttribute("data-bs-theme", chosen || (system.matches ? "dark" : "light"));
    document.dispatchEvent(new CustomEvent("theme:changed"));
  }
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-theme-toggle]");
    if (!button) return;
    const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = "theme=" + next + "; Path=/; Max-Age=31536000; SameSite=Lax" + secure;
    apply();
  });
})();
