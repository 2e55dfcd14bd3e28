// Keys and tokens: renewed in time, once for all, and shown to nobody.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Gateway } from "../index.js";
import { DONE, FOX, ID, QUEUED, RESULT, broken, drop, failure, json, refuse, serve, stream } from "./scripted.js";

/** A source of tokens `t1`, `t2`, … that live so many milliseconds. */
function tokens(t, life = 300_000) {
  let count = 0;
  return t.mock.fn(async () => {
    count += 1;
    return { token: `t${count}`, expires_at: new Date(Date.now() + life).toISOString() };
  });
}

const sent = ({ requests }) => requests.map(({ headers }) => headers.authorization);

test("calls at the same moment share one token, and later ones use it", async (t) => {
  const server = await serve(t, json(200, {}));
  const token = tokens(t);
  const gateway = server.gateway({ token });
  await Promise.all([gateway.get(ID), gateway.get(ID), gateway.get(ID)]);
  await gateway.get(ID);
  assert.equal(token.mock.callCount(), 1);
  assert.deepEqual(sent(server), Array(4).fill("Bearer t1"));
});

test("a token is renewed before it expires", async (t) => {
  let now = 1_000_000;
  t.mock.method(Date, "now", () => now);
  const server = await serve(t, json(200, {}));
  const token = tokens(t, 300_000);
  const gateway = server.gateway({ token });
  await gateway.get(ID);
  now += 269_000;
  await gateway.get(ID);
  now += 1000;
  await Promise.all([gateway.get(ID), gateway.get(ID)]);
  assert.deepEqual(sent(server).sort(), ["Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"]);
});

test("a token that is expired on arrival, by a clock that is off, is used until it is refused", async (t) => {
  const server = await serve(t, json(200, {}));
  const token = tokens(t, -1000);
  const gateway = server.gateway({ token });
  await gateway.get(ID);
  await gateway.get(ID);
  assert.equal(token.mock.callCount(), 1);
});

test("a token that is refused is renewed once, and the request sent again", async (t) => {
  const server = await serve(t, refuse(401, "unauthorized"), stream(DONE));
  const token = tokens(t);
  assert.deepEqual(await server.gateway({ token }).generate(FOX), RESULT);
  assert.deepEqual(sent(server), ["Bearer t1", "Bearer t2"]);
  const [first, second] = server.requests;
  assert.equal(first.headers["idempotency-key"], second.headers["idempotency-key"]);
  assert.equal(second.body, JSON.stringify(FOX));
});

test("calls that are refused at the same moment renew the token once", async (t) => {
  const server = await serve(t, (response, { headers }) =>
    (headers.authorization === "Bearer t1" ? refuse(401, "unauthorized") : json(200, {}))(response),
  );
  const token = tokens(t);
  const gateway = server.gateway({ token });
  await Promise.all([gateway.get(ID), gateway.get(ID), gateway.get(ID)]);
  assert.equal(token.mock.callCount(), 2);
});

test("a second refusal is the caller's, and so is the first of a key or a token that is text", async (t) => {
  const server = await serve(t, refuse(401, "unauthorized"));
  for (const [credential, requests] of [[{ token: tokens(t) }, 2], [{ key: "k" }, 3], [{ token: "x" }, 4]]) {
    const error = await failure(server.gateway(credential).generate(FOX));
    assert.deepEqual([error.code, error.status, server.requests.length], ["unauthorized", 401, requests]);
  }
});

test("a token whose pictures are used up is not used again", async (t) => {
  const spent = 'event: failed\ndata: {"error": "spent", "code": "token_spent"}\n\n';
  const server = await serve(t, stream(spent), stream(DONE));
  const gateway = server.gateway({ token: tokens(t) });
  assert.equal((await failure(gateway.generate(FOX))).code, "token_spent");
  await gateway.generate(FOX);
  assert.deepEqual(sent(server), ["Bearer t1", "Bearer t2"]);
});

test("while a generation is followed a token that has expired is renewed", async (t) => {
  const server = await serve(t, broken(QUEUED), refuse(401, "unauthorized"), stream(DONE));
  assert.deepEqual(await server.gateway({ token: tokens(t) }).generate(FOX), RESULT);
  assert.deepEqual(sent(server), ["Bearer t1", "Bearer t1", "Bearer t2"]);
});

test("a source of tokens that fails is asked again, and its error is the cause", async (t) => {
  const server = await serve(t, stream(DONE));
  const offline = new TypeError("offline");
  const good = tokens(t);
  let failures = 1;
  const token = async () => {
    if (failures-- > 0) throw offline;
    return good();
  };
  assert.deepEqual(await server.gateway({ token }).generate(FOX), RESULT);
  failures = Infinity;
  const error = await failure(server.gateway({ token }).generate(FOX));
  assert.deepEqual([error.code, error.cause], ["connection_lost", offline]);
  assert.equal(server.requests.length, 1);
});

test("a caller that leaves does not take the token away from the others", async (t) => {
  const server = await serve(t, json(200, {}));
  let give;
  const token = () => new Promise((resolve) => (give = resolve));
  const gateway = server.gateway({ token });
  const leave = new AbortController();
  const left = failure(gateway.get(ID, { signal: leave.signal }));
  const stayed = gateway.get(ID);
  leave.abort();
  assert.equal((await left).name, "AbortError");
  give({ token: "t1", expires_at: "2100-01-01T00:00:00Z" });
  await stayed;
  assert.deepEqual(sent(server), ["Bearer t1"]);
});

test("a key is in nothing that can be printed", async (t) => {
  const key = "a-key-that-nobody-may-see";
  const server = await serve(t, drop);
  const gateway = server.gateway({ key });
  const error = await failure(gateway.generate(FOX));
  for (const thing of [gateway, error]) {
    const options = { depth: Infinity, showHidden: true };
    assert.ok(!inspect(thing, options).includes(key) && !JSON.stringify(thing).includes(key));
  }
  for (const wrong of [`${key}\n`, `${key}é`, ""]) {
    assert.throws(
      () => new Gateway({ baseUrl: server.url, key: wrong }),
      (error) => error instanceof TypeError && !error.message.includes(key),
    );
  }
  const bad = await failure(server.gateway({ token: async () => ({ token: `${key}\n`, expires_at: "" }) }).get(ID));
  assert.ok(!inspect(bad, { depth: Infinity }).includes(key));
});

test("a key and a token at once are a mistake, and so is an address that is none", () => {
  assert.throws(() => new Gateway({ baseUrl: "http://localhost", key: "k", token: "t" }), TypeError);
  assert.throws(() => new Gateway({ baseUrl: "localhost without a scheme" }), TypeError);
});
