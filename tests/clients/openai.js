// OpenAI's own client for Node.

import OpenAI from "openai";

import { check, digest, fetched, gateway, key, poorKey } from "./checks.js";

const model = "ideogram-v3-turbo";
const client = (apiKey, options) =>
  new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0, timeout: 120_000, ...options });
const openai = client(key);

await check("url", async () => {
  const made = await openai.images.generate({ model, prompt: "a fox", n: 2, size: "1024x1024" });
  const pictures = await Promise.all(made.data.map((item) => fetched(item.url)));
  return { created: made.created, pictures: pictures.map(digest) };
});

await check("b64_json", async () => {
  const asked = { model, prompt: "a fox", n: 2, size: "1024x1024", response_format: "b64_json" };
  const { data, response } = await openai.images.generate(asked).withResponse();
  const pictures = data.data.map((item) => Buffer.from(item.b64_json, "base64"));
  return { pictures: pictures.map(digest), cache: response.headers.get("x-cache") };
});

await check("ideograms own options", async () => {
  const made = await openai.images.generate({ model, prompt: "a fox", seed: 7, magic_prompt: "OFF" });
  return made.gateway.images[0].seed;
});

await check("models", async () => {
  const ids = [];
  for await (const found of openai.models.list()) ids.push(found.id);
  return { ids, one: await openai.models.retrieve(ids[0]) };
});

await check("wrong key", () => client("wrong").images.generate({ model, prompt: "a fox" }));
await check("wrong field", () => openai.images.generate({ model, prompt: "a fox", style: "vivid" }));
await check("no such model", () => openai.images.generate({ model: "dall-e-3", prompt: "a fox" }));
await check("no such model to retrieve", () => openai.models.retrieve("dall-e-3"));
await check("no such path", () => openai.chat.completions.create({ model, messages: [] }));
await check("model of others", () => openai.images.generate({ model: "ideogram-v2", prompt: "a fox" }));
await check("prompt against policy", () => openai.images.generate({ model, prompt: "a grenade" }));
await check("no money", () => client(poorKey).images.generate({ model, prompt: "another fox" }));

// As the client comes, with its own retries.
await check("no money, with retries", async () => {
  let calls = 0;
  const counted = (...asked) => {
    calls += 1;
    return fetch(...asked);
  };
  const patient = client(poorKey, { maxRetries: 2, fetch: counted });
  try {
    await patient.images.generate({ model, prompt: "another fox" });
  } catch (error) {
    error.calls = calls;
    throw error;
  }
});
