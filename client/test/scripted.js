// A peer of the client's that sends what a test tells it to, byte by byte, and remembers what it got.

import { createServer } from "node:http";
import { once } from "node:events";
import { Gateway } from "../index.js";

export const ID = `${"ab".repeat(32)}-0123456789abcdef`;
export const FOX = { image_request: { prompt: "a fox" } };
export const RESULT = {
  created: "2026-11-21T12:00:00.000+00:00",
  data: [{ url: "http://localhost/images/x.png", prompt: "a fox – renard", seed: 7 }],
  gateway: { id: ID, cache: "miss", cost_usd: 0.08, images: [], redactions: [] },
};
export const QUEUED = 'id: 1\nevent: queued\ndata: {"position": 2}\n\n';
export const GENERATING = 'id: 2\nevent: generating\ndata: {"attempt": 1}\n\n';
export const STORED = 'id: 3\nevent: stored\ndata: {"index": 0, "seed": 7, "url": "u", "key": "k"}\n\n';
export const DONE = `id: 4\nevent: done\ndata: ${JSON.stringify(RESULT)}\n\n`;

/** Starts a server that answers with `answers` in turn, the last one for all that follow. */
export async function serve(t, ...answers) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const got = { method, url, headers, body: "", closed: once(response, "close") };
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(got);
    for await (const chunk of request) got.body += chunk;
    await answer(response, got);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  const gateway = (options) => new Gateway({ baseUrl: url, retryDelay: 1, ...options });
  return { url, requests, gateway };
}

/** Answers with JSON. */
export const json = (status, body, headers = {}) => (response) => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};

/** Answers with an error as the gateway has them. */
export const refuse = (status, code, more = {}, headers = {}) =>
  json(status, { error: `it is ${code}`, code, request_id: "r1", ...more }, headers);

/** Answers with a stream of these pieces that ends as it should. */
export const stream = (...pieces) => open(pieces, (response) => response.end());

/** Answers with a stream of these pieces whose connection breaks. */
export const broken = (...pieces) => open(pieces, (response) => response.destroy());

/** Answers with a stream of these pieces that stays open and says no more. */
export const silent = (...pieces) => open(pieces, () => {});

const open = (pieces, then) => async (response) => {
  response.writeHead(200, { "content-type": "text/event-stream", "x-generation-id": ID });
  response.flushHeaders();
  for (const piece of pieces) await new Promise((written) => response.write(piece, written));
  // What was written has left before the connection ends.
  setImmediate(() => then(response));
};

/** Closes the connection without an answer. */
export const drop = (response) => response.destroy();

/** Gives the error that `promise` ends with. */
export const failure = (promise) =>
  promise.then(
    (value) => Promise.reject(new Error(`no failure, but ${JSON.stringify(value)}`)),
    (error) => error,
  );
