// What goes wrong, as callers see it, and answers that are errors.

/** @import * as Types from "./index.d.ts" */

/**
 * What an error is made of.
 * @typedef {object} About
 * @property {unknown} [cause]
 * @property {Response | undefined} [response]
 * @property {Record<string, any>} [body]
 * @property {string | null} [id]  the generation's
 */

/** @implements {Types.GatewayError} */
export class GatewayError extends Error {
  /** @type {"GatewayError"} */
  name = "GatewayError";

  /**
   * @param {Types.GatewayError["code"]} code
   * @param {string} message
   * @param {About} about
   */
  constructor(code, message, { cause, response, body = {}, id = null } = {}) {
    super(message ?? code, cause === undefined ? undefined : { cause });
    const headers = response?.headers;
    this.code = code;
    this.status = response?.status ?? null;
    /** @type {string | null} */
    this.requestId = body.request_id ?? headers?.get("x-request-id") ?? null;
    /** @type {string | null} */
    this.generationId = id ?? headers?.get("x-generation-id") ?? body.id ?? null;
    this.retryAfter = seconds(headers?.get("retry-after") ?? body.retry_after_seconds);
    /** @type {string | null} */
    this.field = body.field ?? null;
    this.body = body;
  }
}

/** @param {string | null} id @param {Response} [response] */
export const unexpected = (id, response) =>
  new GatewayError("bad_answer", "this is no answer of a gateway's", { id, response });

/** @param {string} message @param {unknown} [cause] */
export const lost = (message, cause) => new GatewayError("connection_lost", message, { cause });

/** Retry-After in seconds, whichever way it is written. @param {any} text */
function seconds(text) {
  const number = text == null ? NaN : Number(text);
  const wait = Number.isNaN(number) ? Math.ceil((Date.parse(text) - Date.now()) / 1000) : number;
  return Number.isNaN(wait) ? null : Math.max(wait, 0);
}

/** @param {string} text @returns {any} an object, or undefined */
export function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The answer's JSON, or the error it is.
 * @param {Response} response
 * @returns {Promise<any>}
 */
export async function read(response) {
  const text = await response.text().catch((cause) => {
    throw lost("the answer broke off", cause);
  });
  const body = parse(text);
  if (response.ok && (body || text === "")) return body;
  if (response.ok || typeof body?.code !== "string") throw unexpected(null, response);
  throw new GatewayError(body.code, body.error, { response, body });
}
