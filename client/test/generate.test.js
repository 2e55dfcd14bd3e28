// What is sent, what is told, and what becomes of each kind of answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Gateway, GatewayError } from "../index.js";
import { DONE, FOX, GENERATING, ID, QUEUED, RESULT, STORED, failure, json, refuse, serve, silent, stream } from "./scripted.js";

test("every step is told in order, and the result is what done says", async (t) => {
  const server = await serve(t, stream(QUEUED, GENERATING, ": still here\n\n", STORED, DONE));
  const told = [];
  const result = await server.gateway().generate(FOX, { onProgress: (progress) => told.push(progress) });
  assert.deepEqual(result, RESULT);
  assert.deepEqual(told, [
    { type: "queued", id: ID, position: 2 },
    { type: "generating", id: ID, attempt: 1 },
    { type: "stored", id: ID, index: 0, seed: 7, url: "u", key: "k" },
  ]);
});

test("one that waits is told its position whenever it changes", async (t) => {
  const queued = (position) => `id: 1\nevent: queued\ndata: {"position": ${position}}\n\n`;
  const server = await serve(t, stream(...[3, 3, 2, 0].map(queued), GENERATING, DONE));
  const told = [];
  await server.gateway().generate(FOX, { onProgress: ({ position }) => told.push(position) });
  assert.deepEqual(told, [3, 2, 0, undefined]);
});

test("a request is sent as JSON to /generate, with a key of its own and nothing that is not asked for", async (t) => {
  const server = await serve(t, stream(DONE));
  await server.gateway().generate(FOX);
  await server.gateway().generate(FOX);
  const [first, second] = server.requests;
  assert.deepEqual([first.method, first.url, first.body], ["POST", "/generate", JSON.stringify(FOX)]);
  assert.equal(first.headers.accept, "text/event-stream");
  assert.equal(first.headers["content-type"], "application/json");
  assert.match(first.headers["idempotency-key"], /^[0-9a-f]{32}$/);
  assert.notEqual(first.headers["idempotency-key"], second.headers["idempotency-key"]);
  assert.equal(first.headers.authorization, undefined);
  assert.equal(first.headers["cache-control"], undefined, "it would have everything made anew");
});

test("path, cache, key and credential are the caller's", async (t) => {
  const server = await serve(t, stream(DONE));
  const gateway = new Gateway({ baseUrl: `${server.url}/prefix/`, key: "a-key" });
  const path = "/v1/ideogram-v3/generate";
  await gateway.generate({ prompt: "a fox" }, { path, cache: "no-cache", idempotencyKey: "mine" });
  const [{ url, headers, body }] = server.requests;
  assert.deepEqual([url, body], [`/prefix${path}`, '{"prompt":"a fox"}']);
  assert.equal(headers.authorization, "Bearer a-key");
  assert.equal(headers["cache-control"], "no-cache");
  assert.equal(headers["idempotency-key"], "mine");
});

test("a form is sent as it is, with its own boundary", async (t) => {
  const server = await serve(t, stream(DONE));
  const form = new FormData();
  form.set("prompt", "a fox");
  form.set("image", new Blob(["pixels"], { type: "image/png" }), "fox.png");
  await server.gateway().generate(form, { path: "/v1/ideogram-v3/remix" });
  const [{ headers, body }] = server.requests;
  const [, boundary] = /^multipart\/form-data; boundary=(.+)$/.exec(headers["content-type"]);
  assert.ok(body.includes(boundary) && body.includes("pixels") && body.includes("a fox"));
});

test("without image_request the path has to be said, and nothing is sent", async (t) => {
  const server = await serve(t, stream(DONE));
  const error = await failure(server.gateway().generate({ prompt: "a fox" }));
  assert.match(error.message, /path/);
  assert.deepEqual(server.requests, []);
});

test("a plain answer is taken as well", async (t) => {
  const server = await serve(t, json(200, RESULT, { "x-generation-id": ID }));
  assert.deepEqual(await server.gateway().generate(FOX), RESULT);
});

test("a generation that was only begun is followed", async (t) => {
  const server = await serve(t, json(202, { id: ID, state: "queued" }), stream(QUEUED, DONE));
  assert.deepEqual(await server.gateway().generate(FOX), RESULT);
  assert.equal(server.requests[1].url, `/generations/${ID}/events`);
});

test("a refusal says what, where and when, and is not sent again", async (t) => {
  const more = { field: "image_request.prompt", redactions: [{ kind: "email", count: 1 }] };
  const server = await serve(t, refuse(400, "invalid_request", more, { "retry-after": "7", "x-generation-id": ID }));
  const error = await failure(server.gateway().generate(FOX));
  assert.ok(error instanceof GatewayError && error instanceof Error);
  const { name, message, code, status, field, requestId, generationId, retryAfter, body } = error;
  assert.deepEqual(
    { name, message, code, status, field, requestId, generationId, retryAfter },
    {
      name: "GatewayError",
      message: "it is invalid_request",
      code: "invalid_request",
      status: 400,
      field: "image_request.prompt",
      requestId: "r1",
      generationId: ID,
      retryAfter: 7,
    },
  );
  assert.deepEqual(body.redactions, more.redactions);
  assert.equal(server.requests.length, 1);
});

test("a failure that may have cost something, or asks for patience, is the caller's to decide on", async (t) => {
  for (const [status, code] of [
    [502, "upstream_error"],
    [503, "busy"],
    [429, "rate_limited"],
    [500, "internal_error"],
  ]) {
    const server = await serve(t, refuse(status, code));
    assert.equal((await failure(server.gateway().generate(FOX))).code, code);
    assert.equal(server.requests.length, 1, code);
  }
});

test("a date in Retry-After is seconds, and never less than none", async (t) => {
  const server = await serve(t, refuse(503, "busy", {}, { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }));
  assert.equal((await failure(server.gateway().generate(FOX))).retryAfter, 0);
});

test("a failure in the stream is told with its generation, and a cancellation too", async (t) => {
  const failed = 'id: 2\nevent: failed\ndata: {"error": "no", "code": "prompt_rejected", "retry_after_seconds": 3}\n\n';
  const server = await serve(t, stream(QUEUED, failed), stream("id: 1\nevent: cancelled\ndata: {}\n\n"));
  const error = await failure(server.gateway().generate(FOX));
  assert.deepEqual([error.code, error.message, error.status], ["prompt_rejected", "no", null]);
  assert.deepEqual([error.generationId, error.retryAfter], [ID, 3]);
  const cancelled = await failure(server.gateway().generate(FOX));
  assert.deepEqual([cancelled.code, cancelled.generationId], ["cancelled", ID]);
  assert.equal(server.requests.length, 2);
});

test("what is no gateway's answer is said to be none", async (t) => {
  const server = await serve(t, (response) => response.end("<h1>It works!</h1>"), json(200, { created: "now" }));
  for (const status of [200, 200]) {
    const error = await failure(server.gateway().generate(FOX));
    assert.deepEqual([error.code, error.status], ["bad_answer", status]);
  }
  assert.equal(server.requests.length, 2);
});

test("after done the connection is ended, whatever the gateway does", async (t) => {
  const server = await serve(t, silent(QUEUED, DONE));
  assert.deepEqual(await server.gateway().generate(FOX), RESULT);
  await server.requests[0].closed;
});

test("what onProgress throws ends the call, and the connection", async (t) => {
  const server = await serve(t, stream(QUEUED, DONE));
  const thrown = new Error("mine");
  const onProgress = () => {
    throw thrown;
  };
  assert.equal(await failure(server.gateway().generate(FOX, { onProgress })), thrown);
  await server.requests[0].closed;
  assert.equal(server.requests.length, 1);
});

test("to start is to ask for no more than the id", async (t) => {
  const server = await serve(
    t,
    json(202, { id: ID, state: "queued" }, { location: `/generations/${ID}` }),
    json(200, RESULT),
    refuse(504, "generation_pending", { id: ID }),
  );
  const gateway = server.gateway();
  assert.deepEqual(await gateway.start(FOX), { id: ID, result: null });
  assert.deepEqual(await gateway.start(FOX), { id: ID, result: RESULT });
  assert.deepEqual(await gateway.start(FOX), { id: ID, result: null });
  assert.equal(server.requests.length, 3);
  assert.equal(server.requests[0].headers.prefer, "respond-async");
  assert.notEqual(server.requests[0].headers.accept, "text/event-stream");
});

test("looking and cancelling are one request each", async (t) => {
  const server = await serve(
    t,
    json(200, { id: ID, state: "queued", position: 1 }),
    (response) => response.writeHead(204).end(),
    refuse(404, "not_found"),
  );
  const gateway = server.gateway({ key: "a-key" });
  assert.equal((await gateway.get(ID)).state, "queued");
  assert.equal(await gateway.cancel(ID), undefined);
  assert.equal((await failure(gateway.cancel("../admin/keys"))).code, "not_found");
  const asked = server.requests.map(({ method, url, headers }) => [method, url, headers.authorization]);
  assert.deepEqual(asked, [
    ["GET", `/generations/${ID}`, "Bearer a-key"],
    ["DELETE", `/generations/${ID}`, "Bearer a-key"],
    ["DELETE", "/generations/..%2Fadmin%2Fkeys", "Bearer a-key"],
  ]);
});
