// Security keys: a form marked data-webauthn asks the browser's authenticator first, then sends what it said.

const options = JSON.parse(document.getElementById("webauthn").textContent);

for (const form of document.querySelectorAll("form[data-webauthn]")) {
  form.addEventListener("submit", (event) => ask(event, form));
}

async function ask(event, form) {
  const answer = form.elements.namedItem("credential");
  if (answer.value) return;
  event.preventDefault();
  try {
    const { webauthnJSON } = window;
    const said =
      form.dataset.webauthn === "create"
        ? await webauthnJSON.create(options.creation_options)
        : await webauthnJSON.get(options.request_options);
    answer.value = JSON.stringify(said);
    form.submit();
  } catch (refused) {
    const place = form.querySelector("[data-webauthn-refused]");
    if (place) place.hidden = false;
  }
}
