// Callers that leave: what ends with them, and what goes on.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { promisify } from "node:util";
import { DONE, FOX, ID, QUEUED, RESULT, broken, drop, failure, json, serve, silent, stream } from "./scripted.js";

const deletes = ({ requests }) => requests.filter(({ method }) => method === "DELETE").map(({ url }) => url);

/** Resolves when the server has got so many requests. */
async function got(server, count) {
  while (server.requests.length < count) await new Promise(setImmediate);
}

test("an abort ends the call with the signal's reason and its connection; the generation goes on", async (t) => {
  const server = await serve(t, silent(QUEUED));
  const leave = new AbortController();
  const reason = new Error("closed");
  const onProgress = () => leave.abort(reason);
  const { signal } = leave;
  assert.equal(await failure(server.gateway().generate(FOX, { signal, onProgress })), reason);
  await server.requests[0].closed;
  assert.deepEqual(deletes(server), []);
  assert.deepEqual(getEventListeners(signal, "abort"), []);
});

test("a signal that is aborted already sends nothing", async (t) => {
  const server = await serve(t, stream(DONE));
  const gateway = server.gateway();
  const options = { signal: AbortSignal.abort() };
  for (const call of [
    gateway.generate(FOX, options),
    gateway.start(FOX, options),
    gateway.resume(ID, options),
    gateway.get(ID, options),
    gateway.cancel(ID, options),
  ]) {
    assert.equal((await failure(call)).name, "AbortError");
  }
  assert.deepEqual(server.requests, []);
});

test("an abort ends the pause before another try", async (t) => {
  const server = await serve(t, broken(QUEUED), drop);
  const leave = new AbortController();
  const gateway = server.gateway({ retryDelay: 600_000 });
  const call = failure(gateway.generate(FOX, { signal: leave.signal }));
  await got(server, 1);
  await server.requests[0].closed;
  leave.abort();
  assert.equal((await call).name, "AbortError");
});

test("an abort ends every call", async (t) => {
  const server = await serve(t, () => {});
  const gateway = server.gateway();
  for (const call of [
    (options) => gateway.generate(FOX, options),
    (options) => gateway.start(FOX, options),
    (options) => gateway.resume(ID, options),
    (options) => gateway.get(ID, options),
    (options) => gateway.cancel(ID, options),
  ]) {
    const leave = new AbortController();
    const before = server.requests.length;
    const ended = failure(call({ signal: leave.signal }));
    await got(server, before + 1);
    leave.abort();
    assert.equal((await ended).name, "AbortError");
    await server.requests[before].closed;
    assert.deepEqual(getEventListeners(leave.signal, "abort"), []);
  }
});

test("with cancelOnAbort the generation is cancelled", async (t) => {
  const server = await serve(t, silent(QUEUED), json(200, {}));
  const leave = new AbortController();
  const options = { signal: leave.signal, cancelOnAbort: true, onProgress: () => leave.abort() };
  assert.equal((await failure(server.gateway({ key: "a-key" }).generate(FOX, options))).name, "AbortError");
  await got(server, 2);
  await server.requests[0].closed;
  assert.deepEqual(deletes(server), [`/generations/${ID}`]);
});

test("with cancelOnAbort it is cancelled, too, when its id comes after the caller has left", async (t) => {
  let answer;
  const later = new Promise((resolve) => (answer = resolve));
  const server = await serve(t, async (response) => (await later, silent(QUEUED)(response)), json(200, {}));
  const leave = new AbortController();
  const call = failure(server.gateway().generate(FOX, { signal: leave.signal, cancelOnAbort: true }));
  await got(server, 1);
  leave.abort();
  assert.equal((await call).name, "AbortError");
  answer();
  await got(server, 2);
  assert.deepEqual(deletes(server), [`/generations/${ID}`]);
  await server.requests[0].closed;
});

test("a cancellation that fails after the caller has left disturbs nobody", async (t) => {
  const unhandled = t.mock.fn();
  process.on("unhandledRejection", unhandled);
  t.after(() => process.off("unhandledRejection", unhandled));
  for (const answers of [[silent(QUEUED), drop], [drop]]) {
    const server = await serve(t, ...answers);
    const leave = new AbortController();
    const options = { signal: leave.signal, cancelOnAbort: true, onProgress: () => leave.abort() };
    const call = failure(server.gateway({ retryDelay: 600_000 }).generate(FOX, options));
    await got(server, 1);
    if (answers.length === 1) await server.requests[0].closed.then(() => leave.abort());
    assert.equal((await call).name, "AbortError");
    await got(server, answers.length);
    await server.requests.at(-1).closed;
    await new Promise(setImmediate);
  }
  assert.equal(unhandled.mock.callCount(), 0);
});

test("one that waits only so long is told where its generation is, and it goes on", async (t) => {
  const server = await serve(t, silent(QUEUED), stream(DONE));
  const gateway = server.gateway();
  let over;
  const real = setTimeout;
  t.mock.method(globalThis, "setTimeout", (then, milliseconds, ...rest) =>
    milliseconds === 600_000 ? void (over = then) : real(then, milliseconds, ...rest),
  );
  const error = await failure(gateway.generate(FOX, { wait: 600, onProgress: () => over() }));
  assert.deepEqual([error.code, error.generationId, error.status], ["generation_pending", ID, null]);
  await server.requests[0].closed;
  assert.deepEqual(deletes(server), []);
  assert.deepEqual(await gateway.resume(error.generationId), RESULT);
});

test("a call that has ended leaves nothing that keeps a process alive, and no listener", async (t) => {
  const server = await serve(t, broken(QUEUED), stream(DONE), drop, silent(QUEUED));
  const script = `
    import { getEventListeners } from "node:events";
    import { Gateway } from ${JSON.stringify(new URL("../index.js", import.meta.url).href)};
    const gateway = new Gateway({ baseUrl: "${server.url}", retryDelay: 1, idleTimeout: 600_000 });
    const request = ${JSON.stringify(FOX)};
    const leave = new AbortController();
    const options = { signal: leave.signal, wait: 600 };
    await gateway.generate(request, options);
    console.log(getEventListeners(leave.signal, "abort").length);
    const aborted = gateway.generate(request, { ...options, onProgress: () => leave.abort() });
    await aborted.catch((error) => console.log(error.name));
    // Ends by itself, or is ended.`;
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { timeout: 60_000 });
  assert.equal((await run).stdout, "0\nAbortError\n");
});
