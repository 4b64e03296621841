// Runs before every other script. Markup that scripts write (fragments of our own server through htmx, tips of
// charts) passes here; the browser refuses all other ways of turning text into code. Markup that could run
// anything is refused as a whole: what the server sends has none, whatever people call their products.
(function () {
  if (!window.trustedTypes) return;
  const looking = trustedTypes.createPolicy("looking", { createHTML: (markup) => markup });

  function isInert(root) {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches("script:not([src]), iframe, object, embed, base")) return false;
      if (element.matches("script[src]") && !isOurs(element.getAttribute("src"))) return false;
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on") || name === "srcdoc" || isCode(value)) return false;
      }
      if (element.content && !isInert(element.content)) return false;
    }
    return true;
  }

  function isOurs(address) {
    return new URL(address, location.href).origin === location.origin;
  }

  function isCode(value) {
    return /^[\u0000-\u0020]*(?:javascript|vbscript|data:text\/html)/i.test(value.replace(/[\t\n\r]/g, ""));
  }

  // An inert document: nothing in it loads or runs while it is looked at.
  function look(markup) {
    return new DOMParser().parseFromString(looking.createHTML(markup), "text/html");
  }

  trustedTypes.createPolicy("default", {
    createHTML: (markup) => (markup === "" || isInert(look(markup)) ? markup : null),
  });
})();
