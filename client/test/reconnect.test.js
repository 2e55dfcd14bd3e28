// Connections that break: nothing is missed, nothing is told twice, nothing is paid twice, and nobody
// tries for ever.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DONE, FOX, GENERATING, ID, QUEUED, RESULT, STORED, broken, drop, failure, json, refuse, serve, silent, stream,
} from "./scripted.js";

const EVENTS = `/generations/${ID}/events`;

/** Generates, and gives the result with the kinds of all that was told. */
async function generate(gateway, options) {
  const told = [];
  const result = await gateway.generate(FOX, { onProgress: ({ type }) => told.push(type), ...options });
  return { result, told };
}

test("a stream that breaks goes on after the last event that was whole", async (t) => {
  const [half] = GENERATING.split("attempt");
  const server = await serve(t, broken(QUEUED, half), stream(GENERATING), broken(STORED), stream(DONE));
  const { result, told } = await generate(server.gateway({ key: "a-key" }));
  assert.deepEqual(result, RESULT);
  assert.deepEqual(told, ["queued", "generating", "stored"]);
  const [post, ...back] = server.requests;
  assert.equal(post.method, "POST");
  assert.deepEqual(
    back.map(({ method, url, headers }) => [method, url, headers["last-event-id"], headers.authorization]),
    ["1", "2", "3"].map((last) => ["GET", EVENTS, last, "Bearer a-key"]),
  );
});

test("a stream that breaks before its first event starts at the beginning", async (t) => {
  const server = await serve(t, broken(), stream(QUEUED, DONE));
  assert.deepEqual(await generate(server.gateway()), { result: RESULT, told: ["queued"] });
  assert.equal(server.requests[1].headers["last-event-id"], undefined);
});

test("what is told again is not told on again", async (t) => {
  const server = await serve(t, broken(QUEUED, GENERATING), stream(QUEUED, GENERATING, STORED, DONE));
  assert.deepEqual((await generate(server.gateway())).told, ["queued", "generating", "stored"]);
});

test("a request that may not have arrived is sent again under its key, twice at most", async (t) => {
  const arrives = await serve(t, drop, drop, stream(DONE));
  assert.deepEqual(await arrives.gateway().generate(FOX), RESULT);
  const keys = new Set(arrives.requests.map(({ headers }) => headers["idempotency-key"]));
  assert.deepEqual([arrives.requests.length, keys.size], [3, 1]);
  assert.ok(arrives.requests.every(({ body }) => body === JSON.stringify(FOX)));

  const never = await serve(t, drop);
  const error = await failure(never.gateway().generate(FOX));
  assert.deepEqual([error.code, error.generationId, never.requests.length], ["connection_lost", null, 3]);
  assert.ok(error.cause instanceof TypeError);
});

test("a form is sent again whole", async (t) => {
  const server = await serve(t, drop, stream(DONE));
  const form = new FormData();
  form.set("image", new Blob(["pixels"]), "fox.png");
  await server.gateway().generate(form, { path: "/v1/ideogram-v3/remix" });
  assert.ok(server.requests[1].body.includes("pixels"));
});

test("an error page of something in between is no answer", async (t) => {
  const page = (response) => response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>");
  const server = await serve(t, page, stream(DONE));
  assert.deepEqual(await server.gateway().generate(FOX), RESULT);
  assert.equal(server.requests[1].headers["idempotency-key"], server.requests[0].headers["idempotency-key"]);
});

test("a plain answer that breaks off is fetched by its id", async (t) => {
  const half = (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 1000, "x-generation-id": ID });
    response.write('{"created"', () => setImmediate(() => response.destroy()));
  };
  const server = await serve(t, half, stream(DONE));
  assert.deepEqual(await server.gateway().generate(FOX), RESULT);
  assert.equal(server.requests[1].url, EVENTS);
});

test("a generation that outlasts its request is followed", async (t) => {
  const server = await serve(t, refuse(504, "generation_pending", { id: ID }), stream(DONE));
  assert.deepEqual(await server.gateway().generate(FOX), RESULT);
  assert.equal(server.requests[1].url, EVENTS);
});

test("on the way back a gateway that is busy is asked again, one that refuses is not", async (t) => {
  const passing = await serve(
    t,
    broken(QUEUED),
    drop,
    refuse(503, "busy"),
    refuse(429, "rate_limited", {}, { "retry-after": "0" }),
    refuse(500, "internal_error"),
    stream(DONE),
  );
  assert.deepEqual(await passing.gateway().generate(FOX), RESULT);
  assert.equal(passing.requests.length, 6);

  for (const refusal of [refuse(404, "not_found"), refuse(401, "unauthorized"), json(200, { state: "queued" })]) {
    const final = await serve(t, broken(QUEUED), refusal);
    const error = await failure(final.gateway({ key: "a-key" }).generate(FOX));
    assert.equal(error.generationId, ID);
    assert.equal(final.requests.length, 2, error.code);
  }
});

test("a gateway that sends it away for too long is not waited for", async (t) => {
  const server = await serve(t, broken(QUEUED), refuse(429, "rate_limited", {}, { "retry-after": "3600" }));
  const error = await failure(server.gateway().generate(FOX));
  assert.deepEqual([error.code, error.retryAfter, error.generationId], ["rate_limited", 3600, ID]);
});

test("it does not try for ever, whether nobody answers or nothing new comes", async (t) => {
  for (const answer of [drop, broken(), stream(), stream(QUEUED), stream(": hello\n\n")]) {
    const server = await serve(t, broken(QUEUED), answer);
    const error = await failure(server.gateway({ retries: 3 }).generate(FOX));
    assert.deepEqual([error.code, error.generationId], ["connection_lost", ID]);
    assert.equal(server.requests.length, 1 + 3);
  }
});

test("every event that is new is a reason to go on", async (t) => {
  const steps = [1, 2, 3, 4, 5, 6].map((n) => broken(`id: ${n}\nevent: generating\ndata: {"attempt": ${n}}\n\n`));
  const last = `id: 7\nevent: done\ndata: ${JSON.stringify(RESULT)}\n\n`;
  const server = await serve(t, ...steps, stream(last));
  const { told } = await generate(server.gateway({ retries: 1 }));
  assert.equal(told.length, 6);
});

test("a stream that falls silent is opened again", async (t) => {
  const server = await serve(t, silent(QUEUED), stream(DONE));
  let told = 0;
  const real = setTimeout;
  // The time is up for the first wait after an event, and for no other.
  t.mock.method(globalThis, "setTimeout", (then, milliseconds, ...rest) =>
    milliseconds === 600_000 && told++ === 1 ? real(then, 1) : real(then, milliseconds, ...rest),
  );
  const result = await server.gateway({ idleTimeout: 600_000 }).generate(FOX, { onProgress: () => (told = 1) });
  assert.deepEqual(result, RESULT);
  await server.requests[0].closed;
  assert.equal(server.requests[1].headers["last-event-id"], "1");
});

test("how soon to come back is what the stream says", async (t) => {
  const server = await serve(t, broken("retry: 1\n\n", QUEUED), stream(DONE));
  const pauses = [];
  const real = setTimeout;
  t.mock.method(globalThis, "setTimeout", (then, milliseconds, ...rest) => {
    pauses.push(milliseconds);
    return real(then, milliseconds, ...rest);
  });
  const options = { retryDelay: 600_000, idleTimeout: 600_000 };
  assert.deepEqual(await server.gateway(options).generate(FOX), RESULT);
  assert.ok(pauses.some((pause) => pause <= 1), `${pauses}`);
});

test("resuming asks for the events, and never for a picture", async (t) => {
  const server = await serve(t, drop, broken(QUEUED), stream(STORED, DONE));
  const told = [];
  const result = await server.gateway().resume(ID, { onProgress: ({ type }) => told.push(type) });
  assert.deepEqual([result, told], [RESULT, ["queued", "stored"]]);
  assert.ok(server.requests.every(({ method, url }) => method === "GET" && url === EVENTS));
});
