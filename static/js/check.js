// A declaration checked by whoever reads it: the text fetched, hashed and held against its signature in this browser.

const box = document.getElementById("check");
if (box && globalThis.crypto?.subtle) {
  const button = box.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const found = await check(box.dataset).catch(() => "failed");
    const said = box.querySelector("output");
    said.textContent = box.querySelector(`[data-said="${found}"]`).content.textContent;
    said.className = { holds: "note note-good", wrong: "note note-bad" }[found] || "note note-wait";
    button.disabled = false;
  });
}

async function check({ content, jws, keys, hash }) {
  const answers = await Promise.all([content, jws, keys].map((address) => fetch(address, { cache: "no-store" })));
  if (answers.some((answer) => !answer.ok)) return "failed";
  const [text, signed, known] = [await answers[0].arrayBuffer(), await answers[1].text(), await answers[2].json()];
  const [head, payload, signature] = signed.trim().split(".");
  const isSame = (await hex(text)) === hash && (await hex(bytes(payload))) === hash;
  const { kid, alg } = JSON.parse(new TextDecoder().decode(bytes(head)));
  const jwk = known.keys.find((each) => each.kid === kid);
  if (!isSame || !jwk || alg !== "EdDSA") return "wrong";
  const key = await publicKey(jwk).catch(() => null);
  if (!key) return "hash";
  const over = new TextEncoder().encode(`${head}.${payload}`);
  return (await crypto.subtle.verify({ name: "Ed25519" }, key, bytes(signature), over)) ? "holds" : "wrong";
}

// Older browsers hash, but know no Ed25519.
function publicKey({ kty, crv, x }) {
  return crypto.subtle.importKey("jwk", { kty, crv, x }, { name: "Ed25519" }, false, ["verify"]);
}

async function hex(content) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (each) => each.toString(16).padStart(2, "0")).join("");
}

function bytes(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}
