// Server-sent events, however their bytes are cut.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEvents } from "../events.js";

const bytes = (text) => new TextEncoder().encode(text);

async function parsed(...chunks) {
  const events = [];
  const source = (async function* () {
    yield* chunks;
  })();
  for await (const event of parseEvents(source)) events.push(event);
  return events;
}

const TEXT = [
  "\uFEFFevent: queued",
  'data: {"position": 1}',
  "id: 1",
  "",
  ": nobody reads this",
  "retry: 300",
  "data:first",
  "data: second – 狐🦊",
  "data",
  "data:  two spaces",
  "id",
  "unknown: field",
  "",
  "event:done",
  "data: a: b",
  "",
  "",
].join("\n");

const EVENTS = [
  { type: "queued", data: '{"position": 1}', id: "1" },
  { type: "message", data: "first\nsecond – 狐🦊\n\n two spaces", id: "", retry: 300 },
  { type: "done", data: "a: b" },
];

for (const [name, end] of [["LF", "\n"], ["CR", "\r"], ["CRLF", "\r\n"]]) {
  test(`lines that end with ${name} are the same events wherever they are cut`, async () => {
    const whole = bytes(TEXT.replaceAll("\n", end));
    assert.deepEqual(await parsed(whole), EVENTS);
    for (let at = 0; at <= whole.length; at += 1) {
      assert.deepEqual(await parsed(whole.subarray(0, at), whole.subarray(at)), EVENTS, `cut at ${at}`);
    }
    assert.deepEqual(await parsed(...Array.from(whole, (byte) => Uint8Array.of(byte))), EVENTS);
  });
}

test("line ends of all kinds may be mixed", async () => {
  const events = await parsed(bytes("data: a\r"), bytes(""), bytes("\ndata: b\r\rdata: c\n\r\ndata: d\n\n"));
  const data = events.map((event) => event.data);
  assert.deepEqual(data, ["a\nb", "c", "d"]);
});

test("an event that breaks off is none", async () => {
  assert.deepEqual(await parsed(bytes("data: whole\n\nevent: done\ndata: {}\n")), [
    { type: "message", data: "whole" },
  ]);
});

test("an id with a NUL and a retry that is no number are ignored", async () => {
  assert.deepEqual(await parsed(bytes("id: a\0b\nretry: soon\ndata: x\n\n")), [
    { type: "message", data: "x" },
  ]);
});
