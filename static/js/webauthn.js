// Security keys: a form marked data-webauthn asks the browser's authenticator first, then sends what it said.

const options = JSON.parse(document.getElementById("webauthn").textContent);

for (const form of document.querySelectorAll("form[data-webauthn]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}

async function ask(form) {
  const { webauthnJSON } = window;
  try {
    const said =
      form.dataset.webauthn === "create"
        ? await webauthnJSON.create(options.creation_options)
        : await webauthnJSON.get(options.request_options);
    form.elements.namedItem("credential").value = JSON.stringify(said);
    form.submit();
  } catch {
    const place = form.querySelector("[data-webauthn-refused]");
    if (place) place.hidden = false;
  }
}
