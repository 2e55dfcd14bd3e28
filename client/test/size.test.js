// How much a page loads.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

test("minified and gzipped it is smaller than README says", (t) => {
  const [, stated] = /at most ([\d,]+) bytes/.exec(readFileSync(path("../README.md"), "utf8"));
  const options = { entryPoints: [path("../index.js")], bundle: true, minify: true, format: "esm", write: false };
  const [{ contents }] = buildSync(options).outputFiles;
  const { length } = gzipSync(contents, { level: 9 });
  t.diagnostic(`${contents.length} bytes minified, ${length} gzipped`);
  assert.ok(length <= Number(stated.replace(",", "")), `${length} bytes`);
});
