// The client against a real gateway: asks at GATEWAY_URL with KEY and prints, as one line of JSON,
// what came of each step. A step that fails says how; those after it go on.

import { Gateway, GatewayError } from "../index.js";

const { GATEWAY_URL: baseUrl, KEY: key } = process.env;
if (!baseUrl || !key) {
  console.error("GATEWAY_URL and KEY have to be set");
  process.exit(2);
}

/** Longer than any step takes. */
const signal = AbortSignal.timeout(90_000);
const gateway = new Gateway({ baseUrl, key });

/** What came of a step. */
async function step(act) {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof GatewayError)) return { error: String(error) };
    const { code, status, field, requestId, generationId, message } = error;
    return { error: { code, status, field, requestId, generationId, message } };
  }
}

/** A result with all that was told before it. */
async function following(call) {
  const told = [];
  const result = await call({ signal, onProgress: (progress) => told.push(progress) });
  const { id, cache, cost_usd, images } = result.gateway;
  return { id, cache, cost_usd, images, url: result.data[0].url, told };
}

const fox = { image_request: { prompt: "a fox", seed: 7 } };

const generated = await step(() => following((options) => gateway.generate(fox, options)));
const again = await step(() => following((options) => gateway.generate(fox, options)));
const refused = await step(() => gateway.generate({ image_request: { prompt: "" } }, { signal }));
const wolf = { image_request: { prompt: "a wolf", seed: 8 } };
const started = await step(() => gateway.start(wolf, { signal }));
const resumed = await step(() => following((options) => gateway.resume(String(started.id), options)));
const looked = await step(() => gateway.get(String(started.id), { signal }));
const cancelled = await step(() => gateway.cancel(`${"0".repeat(64)}-${"0".repeat(16)}`, { signal }));
const token = async () => {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(`${baseUrl}/tokens`, { method: "POST", headers, body: "{}" });
  return answer.json();
};
const page = new Gateway({ baseUrl, token });
const hen = { image_request: { prompt: "a hen", seed: 9 } };
const withToken = await step(() => following((options) => page.generate(hen, options)));

console.log(JSON.stringify({ generated, again, refused, started, resumed, looked, cancelled, withToken }));
