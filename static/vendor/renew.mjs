// Renews static/vendor and tests/vendor from the packages that package-lock.json names, and writes their hashes.
// For development only: `npm ci && npm run vendor`. The product itself never needs Node.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const packages = join(root, "node_modules");

const files = {
  "static/vendor/tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
  "static/vendor/echarts/echarts.esm.min.js": "echarts/dist/echarts.esm.min.js",
  "static/vendor/echarts/LICENSE.txt": "echarts/LICENSE",
  "static/vendor/echarts/NOTICE.txt": "echarts/NOTICE",
  "static/vendor/htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
  "static/vendor/htmx/LICENSE.txt": "htmx.org/LICENSE",
  "tests/vendor/axe/axe.min.js": "axe-core/axe.min.js",
  "tests/vendor/axe/LICENSE.txt": "axe-core/LICENSE",
};

function hash(path) {
  return "sha384-" + createHash("sha384").update(readFileSync(path)).digest("base64");
}

const record = {};
for (const [target, source] of Object.entries(files)) {
  const path = join(root, target);
  mkdirSync(dirname(path), { recursive: true });
  if (target.endsWith(".js") || target.endsWith(".css")) {
    // Source maps are not carried along, so the comment that names one would be a dead link.
    const text = readFileSync(join(packages, source), "utf8");
    writeFileSync(path, text.replace(/^\/[/*][#@] sourceMappingURL=.*$/gm, "").trimEnd() + "\n");
  } else {
    copyFileSync(join(packages, source), path);
  }
  record[target] = hash(path);
}
record["static/vendor/tabler/LICENSE.txt"] = hash(join(root, "static/vendor/tabler/LICENSE.txt"));
const ordered = Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(root, "static/vendor/integrity.json"), JSON.stringify(ordered, null, 2) + "\n");
