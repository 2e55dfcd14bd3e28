// What the scripts of the clients have in common: the gateway they talk to, and how they say what came
// of each check: one JSON line each, {"check", "result" or "error"}, for the tests to judge.

import { createHash } from "node:crypto";

export const gateway = process.env.GATEWAY_URL;
export const key = process.env.GATEWAY_KEY;
/** The key of a client that cannot pay for a picture. */
export const poorKey = process.env.GATEWAY_POOR_KEY;

/** Does it, and prints what it gives or throws. */
export async function check(name, action) {
  const line = { check: name };
  try {
    line.result = await action();
  } catch (error) {
    line.error = {
      class: error.constructor.name,
      message: error.message,
      status: error.status ?? error.statusCode,
      type: error.type,
      code: error.code,
      param: error.param,
      calls: error.calls,
    };
  }
  console.log(JSON.stringify(line));
}

/** What tells two pictures apart. */
export const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The bytes behind a link. */
export async function fetched(link) {
  const response = await fetch(link);
  if (!response.ok) throw new Error(`${link} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
