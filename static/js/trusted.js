// Runs before every other script. Markup that scripts write (fragments of our own server through htmx, tips of
// charts) passes here; the browser refuses all other ways of turning text into code. Markup that could run
// anything is refused as a whole: what the server sends has none, whatever people call their products.
(function () {
  if (!window.trustedTypes) return;
  const looking = trustedTypes.createPolicy("looking", { createHTML: (markup) => markup });

  // Called on the prototype: a form's fields may be named like what is asked of it.
  const { getAttribute, getAttributeNames, matches } = Element.prototype;

  function isInert(root) {
    for (const element of root.querySelectorAll("*")) {
      if (matches.call(element, "script:not([src]), iframe, object, embed, base")) return false;
      if (matches.call(element, "script[src]") && !isOurs(getAttribute.call(element, "src"))) return false;
      for (const name of getAttributeNames.call(element)) {
        if (name.startsWith("on") || name === "srcdoc" || isCode(getAttribute.call(element, name))) return false;
      }
      if (element instanceof HTMLTemplateElement && !isInert(element.content)) return false;
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
