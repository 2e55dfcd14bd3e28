// The gateway's client for pages and Node: asks for pictures, tells how they come along, and comes
// back by itself when a connection breaks.
// Holds true: a request is sent again only under the same Idempotency-Key, so it is paid once; each
// event is told once, in order; whatever ends a call ends its connection, timers and listeners; keys
// and tokens are in no message and in no property that can be read.

import { GatewayError, lost, parse, read, unexpected } from "./errors.js";
import { chunks, parseEvents } from "./events.js";
import { ignore, sleep, within } from "./within.js";

export { GatewayError };

/** @import * as Types from "./index.d.ts" */
/** @import { StreamEvent } from "./events.js" */

/** How often a request is sent again that may not have arrived. */
const RESENDS = 2;
/** The longest pause between two tries, in milliseconds. */
const LONGEST_PAUSE = 10_000;
/** A connection that lasted so long, in milliseconds, was a good one: tries are counted anew. */
const STEADY = 10_000;
/** The longest the gateway may send a waiting client away, in seconds, before that is an error. */
const LONGEST_RETRY_AFTER = 60;
/** A token is renewed so long before it expires, in milliseconds, or after three quarters of a short life. */
const TOKEN_MARGIN = 30_000;
/** What a header can carry: everything else would be quoted, key and all, in the platform's error. */
const SECRET = /^[!-~]+$/;
const STREAM = "text/event-stream";
/** What may come before the end of a generation, and what ends it. */
const STEPS = new Set(["queued", "generating", "stored"]);
const LAST = new Set(["done", "failed", "cancelled"]);
/** Why a call ends whose `wait` is over. */
const WAITED = Symbol();

/**
 * One call that waits for a generation.
 * @typedef {object} Run
 * @property {string | null} id  the generation's, once it is known
 * @property {string} path  of the request; empty where only the id is known
 * @property {RequestInit} init  the request
 * @property {boolean} detached  whether to come back as soon as the id is known
 * @property {string | null} last  the id of the last event
 * @property {string} told  the data of the last event
 * @property {number} delay  the first pause between two tries, in milliseconds
 * @property {number} failures  in a row
 * @property {number} opened  when the last connection was answered, in milliseconds
 * @property {AbortController} [connection]
 * @property {Promise<Response>} [answer]
 */

/** @implements {Types.Gateway} */
export class Gateway {
  #base;
  #fetch;
  #secret;
  #retries;
  #delay;
  #idle;
  /** The token in use, or on its way: one for all calls.
   * @type {Promise<string> | undefined} */
  #issued;
  /** When it has to be renewed. */
  #stale = Infinity;

  /** @param {Types.GatewayOptions} options */
  constructor({ baseUrl, key, token, fetch, retries = 8, retryDelay = 250, idleTimeout = 60_000 }) {
    if (key !== undefined && token !== undefined) throw new TypeError("takes a key or a token, not both");
    this.#base = new URL(baseUrl, globalThis.location?.href).href.replace(/\/+$/, "");
    this.#fetch = fetch ?? globalThis.fetch;
    this.#secret = key ?? token;
    if (typeof this.#secret !== "function" && this.#secret !== undefined) sendable(this.#secret);
    this.#retries = retries;
    this.#delay = retryDelay;
    this.#idle = idleTimeout;
  }

  /**
   * @param {Types.EndpointRequest} request
   * @param {Types.GenerateOptions & { path?: string }} options
   */
  async generate(request, options = {}) {
    return this.#result(this.#request(request, options, { accept: STREAM }), options);
  }

  /**
   * @param {Types.EndpointRequest} request
   * @param {Types.StartOptions & { path?: string }} options
   */
  async start(request, options = {}) {
    const run = this.#request(request, options, { prefer: "respond-async" });
    return this.#run({ ...run, detached: true }, options);
  }

  /** @param {string} id @param {Types.WaitOptions} options */
  async resume(id, options = {}) {
    return this.#result({ ...this.#fresh(), id }, options);
  }

  /** @param {string} id @param {{ signal?: AbortSignal }} options */
  async get(id, { signal } = {}) {
    return /** @type {Types.Generation} */ (await this.#ask({ method: "GET" }, id, signal));
  }

  /** @param {string} id @param {{ signal?: AbortSignal }} options */
  async cancel(id, { signal } = {}) {
    // Kept alive: a page that closes may still cancel.
    await this.#ask({ method: "DELETE", keepalive: true }, id, signal);
  }

  /**
   * @param {Types.EndpointRequest} request
   * @param {Types.StartOptions & { path?: string }} options
   * @param {Record<string, string>} headers
   * @returns {Run}
   */
  #request(request, { path, idempotencyKey = randomKey(), cache }, headers) {
    path ??= "image_request" in request ? "/generate" : undefined;
    if (path === undefined) throw new TypeError("a request without image_request needs the option path");
    const form = request instanceof FormData;
    const all = new Headers({ ...headers, "idempotency-key": idempotencyKey });
    // A form's type names its boundary, which only the platform knows.
    if (!form) all.set("content-type", "application/json");
    if (cache) all.set("cache-control", cache);
    const init = { method: "POST", headers: all, body: form ? request : JSON.stringify(request) };
    return { ...this.#fresh(), path, init };
  }

  /** @returns {Run} */
  #fresh() {
    const delay = this.#delay;
    const nothing = { id: null, path: "", init: {}, last: null, told: "" };
    return { ...nothing, detached: false, delay, failures: 0, opened: Infinity };
  }

  /** @param {Run} run @param {Types.WaitOptions} options */
  async #result(run, options) {
    const { id, result } = await this.#run(run, options);
    if (!result) throw unexpected(id);
    return result;
  }

  /**
   * Follows a run to its end, for as long as the caller waits.
   * @param {Run} run
   * @param {Types.WaitOptions} options
   * @returns {Promise<Types.Started>}
   */
  async #run(run, { signal, wait, onProgress, cancelOnAbort }) {
    signal?.throwIfAborted();
    const leave = new AbortController();
    const abort = () => leave.abort(signal?.reason);
    const timer = wait === undefined ? undefined : setTimeout(() => leave.abort(WAITED), wait * 1000);
    signal?.addEventListener("abort", abort);
    try {
      for (;;) {
        const following = run.id !== null;
        try {
          const ended = await this.#connect(run, leave.signal, onProgress ?? ignore);
          if (ended) return ended;
        } catch (error) {
          if (leave.signal.aborted || !(error instanceof GatewayError)) throw error;
          const pause = this.#pause(run, error, following);
          if (run.detached && run.id) return { id: run.id, result: null };
          await sleep(pause, leave.signal);
        }
      }
    } catch (error) {
      if (cancelOnAbort && signal?.aborted) this.#abandon(run);
      else run.connection?.abort();
      if (error !== WAITED) throw error;
      const sentence = "it takes longer than this call waits; it goes on";
      throw new GatewayError("generation_pending", sentence, { id: run.id });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /**
   * How long to wait before the next try, in milliseconds; the error itself if there is to be none.
   * @param {Run} run
   * @param {GatewayError} error
   * @param {boolean} following  whether it came of asking for the events
   */
  #pause(run, error, following) {
    if (error.code === "token_spent") this.#issued = undefined;
    run.id = error.generationId ??= run.id;
    const asked = error.retryAfter ?? 0;
    const again = following ? isPassing(error) : mayBeSentAgain(error);
    if (!again || asked > LONGEST_RETRY_AFTER) throw error;
    if (run.id && (!following || Date.now() - run.opened > STEADY)) run.failures = 0;
    if (++run.failures > (run.id ? this.#retries : RESENDS)) throw error;
    // Many callers that lost the same gateway do not come back at the same moment.
    const jitter = 0.5 + Math.random() / 2;
    return Math.max(Math.min(run.delay * 2 ** (run.failures - 1), LONGEST_PAUSE) * jitter, asked * 1000);
  }

  /**
   * One connection: the request, or the events of its generation. Gives nothing where a generation
   * was begun that is still to be followed.
   * @param {Run} run
   * @param {AbortSignal} signal
   * @param {(progress: Types.Progress) => void} onProgress
   * @returns {Promise<Types.Started | undefined>}
   */
  async #connect(run, signal, onProgress) {
    run.connection?.abort();
    run.connection = new AbortController();
    run.opened = Infinity;
    const following = run.id;
    run.answer = following
      ? this.#send(`${address(following)}/events`, events(run.last), run.connection.signal)
      : this.#send(run.path, run.init, run.connection.signal);
    // A request may be answered only when the pictures are there.
    const response = await within(run.answer, signal, following ? this.#idle : undefined);
    run.opened = Date.now();
    run.id ??= response.headers.get("x-generation-id");
    if (response.ok && response.body && response.headers.get("content-type")?.startsWith(STREAM)) {
      for await (const event of parseEvents(chunks(response.body, signal, this.#idle))) {
        const result = take(run, event, onProgress);
        if (result) return { id: run.id ?? result.gateway.id, result };
      }
      throw lost("the stream of events ended early");
    }
    const body = await within(read(response), signal);
    run.id ??= body?.gateway?.id ?? body?.id ?? null;
    if (following || !run.id) throw unexpected(run.id, response);
    if (response.status !== 202) return { id: run.id, result: body };
    return run.detached ? { id: run.id, result: null } : undefined;
  }

  /**
   * The caller has left, and wants the generation cancelled. Where its id is not known yet, the
   * answer that is under way has it.
   * @param {Run} run
   */
  #abandon(run) {
    const id = run.id ?? run.answer?.then((response) => response.headers.get("x-generation-id"));
    Promise.resolve(id)
      .finally(() => run.connection?.abort())
      .then((id) => (id ? this.cancel(id) : undefined))
      .catch(ignore);
  }

  /** @param {RequestInit} init @param {string} id @param {AbortSignal} [signal] */
  async #ask(init, id, signal) {
    const connection = new AbortController();
    const leave = signal ?? connection.signal;
    try {
      const response = await within(this.#send(address(id), init, connection.signal), leave);
      return await within(read(response), leave);
    } finally {
      connection.abort();
    }
  }

  /**
   * Sends with the key or token; once more with a new token if it is refused.
   * @param {string} path
   * @param {RequestInit} init
   * @param {AbortSignal} signal
   */
  async #send(path, init, signal) {
    for (let renewed = false; ; renewed = true) {
      const issued = this.#credential();
      const secret = await issued.catch((cause) => {
        throw lost("no token was to be had", cause);
      });
      const headers = new Headers(init.headers);
      if (secret !== undefined) headers.set("authorization", `Bearer ${secret}`);
      const fetch = this.#fetch;
      /** @type {Response} */
      let response;
      try {
        response = await fetch(this.#base + path, { ...init, headers, signal, credentials: "omit" });
      } catch (cause) {
        throw lost("the gateway could not be reached", cause);
      }
      if (response.status !== 401 || renewed || typeof this.#secret !== "function") return response;
      response.body?.cancel().catch(ignore);
      // Another call may have renewed it meanwhile.
      if (this.#issued === issued) this.#issued = undefined;
    }
  }

  /** @returns {Promise<string | undefined>} */
  #credential() {
    const get = this.#secret;
    if (typeof get !== "function") return Promise.resolve(get);
    if (this.#issued === undefined || Date.now() >= this.#stale) {
      this.#stale = Infinity;
      const issued = Promise.resolve()
        .then(get)
        .then(({ token, expires_at }) => {
          const life = Date.parse(expires_at) - Date.now();
          // By a clock that is far off it is expired on arrival: then the gateway is the judge.
          if (life > 0) this.#stale = Date.now() + life - Math.min(TOKEN_MARGIN, life / 4);
          return sendable(token);
        });
      issued.catch(() => {
        if (this.#issued === issued) this.#issued = undefined;
      });
      this.#issued = issued;
    }
    return this.#issued;
  }
}

/**
 * What an event means for the run; its result, if it is the last.
 * @param {Run} run
 * @param {StreamEvent} event
 * @param {(progress: Types.Progress) => void} onProgress
 * @returns {Types.GenerationResult | undefined}
 */
function take(run, { type, data, id, retry }, onProgress) {
  if (retry !== undefined) run.delay = Math.min(retry, LONGEST_PAUSE);
  // A stream that is opened again may tell again what was told before. A number that comes with
  // something else is no repetition: one that waits is told its new positions so.
  const { last } = run;
  const repeated = id !== undefined && (Number(id) < Number(last) || (id === last && data === run.told));
  if (id !== undefined && !repeated) [run.last, run.told] = [id, data];
  const body = parse(data);
  if (body === undefined || (repeated && !LAST.has(type))) return;
  run.failures = 0;
  run.id ??= body.gateway?.id ?? body.id ?? null;
  if (type === "done") return body;
  const about = { body, id: run.id };
  if (type === "failed") throw new GatewayError(body.code, body.error, about);
  if (type === "cancelled") throw new GatewayError("cancelled", "the generation was cancelled", about);
  if (STEPS.has(type)) onProgress({ ...body, type, id: run.id });
}

/** Whether a generation goes on though asking for its events failed like this. @param {GatewayError} error */
const isPassing = ({ code, status }) =>
  code === "connection_lost" || status === 429 || (status ?? 0) >= 500;

/**
 * Whether a request that failed like this may be sent again under its key, or followed: it may not
 * have arrived, something between here and the gateway has answered, or it goes on.
 * @param {GatewayError} error
 */
const mayBeSentAgain = ({ code, status, generationId }) =>
  code === "connection_lost" ||
  (code === "bad_answer" && (status ?? 0) >= 500) ||
  (code === "generation_pending" && generationId !== null);

/** @param {string | null} last @returns {RequestInit} */
const events = (last) => ({ headers: { accept: STREAM, ...(last !== null && { "last-event-id": last }) } });

/** @param {string} id */
const address = (id) => `/generations/${encodeURIComponent(id)}`;

/** Not `randomUUID`, which pages have over https only. */
const randomKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {string} secret */
function sendable(secret) {
  if (!SECRET.test(secret)) throw new TypeError("the key or token is empty or has characters that none has");
  return secret;
}
