// Server-sent events, read from bytes.

import { lost } from "./errors.js";
import { ignore, within } from "./within.js";

/**
 * An event of a stream. `id` and `retry` only where the event has them.
 * @typedef {{ type: string, data: string, id?: string, retry?: number }} StreamEvent
 */

/**
 * Reads server-sent events (HTML Standard, 9.2.6), however their bytes are cut. One that breaks off
 * is none.
 * @param {AsyncIterable<Uint8Array>} bytes
 * @returns {AsyncGenerator<StreamEvent, void>}
 */
export async function* parseEvents(bytes) {
  const decoder = new TextDecoder();
  let rest = "";
  let afterReturn = false;
  /** @type {Record<string, string>} */
  let fields = {};
  for await (const chunk of bytes) {
    let text = decoder.decode(chunk, { stream: true });
    if (text === "") continue;
    const ended = text.endsWith("\r");
    // The other half of a CRLF whose first half has ended a line already.
    if (afterReturn && text.startsWith("\n")) text = text.slice(1);
    afterReturn = ended;
    const lines = (rest + text).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") {
        const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        fields[name] = name === "data" && "data" in fields ? `${fields.data}\n${value}` : value;
        continue;
      }
      const { event, data = "", id, retry = "" } = fields;
      fields = {};
      yield {
        type: event || "message",
        data,
        ...(id !== undefined && !id.includes("\0") && { id }),
        ...(/^\d+$/.test(retry) && { retry: Number(retry) }),
      };
    }
  }
}

/**
 * The bytes of a body, none of them later than `idle` milliseconds after those before.
 * @param {ReadableStream<Uint8Array>} body
 * @param {AbortSignal} signal
 * @param {number} idle
 */
export async function* chunks(body, signal, idle) {
  const reader = body.getReader();
  try {
    for (;;) {
      const read = reader.read().catch((cause) => {
        throw lost("the stream of events broke off", cause);
      });
      const { done, value } = await within(read, signal, idle);
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(ignore);
  }
}
