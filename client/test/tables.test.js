// The lists in index.d.ts are those of the gateway's own tables.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const types = read("../index.d.ts");
const lists = JSON.parse(read("../../domain/src/request/ideogram_enumerations.json"));

/** The texts of a union. */
function union(name) {
  const [, members] = new RegExp(`export type ${name} =([^;]+);`).exec(types);
  return Array.from(members.matchAll(/"([^"]+)"/g), ([, text]) => text);
}

test("every code of the gateway's has a type, and no other", () => {
  const [, table] = /\nfailure_codes! \{\n(.*?)\n\}\n/s.exec(read("../../domain/src/failure.rs"));
  const codes = Array.from(table.matchAll(/^ {4}\w+ = "(\w+)", \d+(?:, "[\w-]+")?;$/gm), ([, code]) => code);
  const rows = table.split("\n").filter((line) => !line.trim().startsWith("///"));
  assert.equal(codes.length, rows.length, "every row is read");
  assert.deepEqual(union("FailureCode").sort(), codes.sort());
});

for (const [name, field] of [
  ["Model", "model"],
  ["AspectRatio", "aspect_ratio"],
  ["MagicPromptOption", "magic_prompt_option"],
  ["MagicPromptVersion", "magic_prompt_version"],
  ["StyleType", "style_type"],
]) {
  test(`${name} has the values of ${field}`, () => {
    assert.deepEqual(union(name).sort(), lists[field].sort());
  });
}

test("PaletteName has the names of color_palette", () => {
  const names = lists.color_palette.map(({ name }) => name);
  assert.deepEqual(union("PaletteName").sort(), names.sort());
});

test("every resolution is of the form that the type has", () => {
  for (const resolution of lists.resolution) assert.match(resolution, /^RESOLUTION_\d+_\d+$/);
});
