// The AI SDK, with its provider for whatever speaks OpenAI's API.

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateImage } from "ai";

import { check, digest, gateway, key, poorKey } from "./checks.js";

const provider = (apiKey) =>
  createOpenAICompatible({ name: "gateway", baseURL: `${gateway}/v1`, apiKey });
const ask = (id, options, apiKey = key) =>
  generateImage({ model: provider(apiKey).imageModel(id), prompt: "a fox", maxRetries: 0, ...options });
const model = "ideogram-v3-turbo";

await check("images", async () => {
  const made = await ask(model, { n: 2, size: "1024x1024" });
  return {
    pictures: made.images.map((image) => digest(image.uint8Array)),
    types: made.images.map((image) => image.mediaType),
    warnings: made.warnings,
  };
});

await check("ideograms own options", async () => {
  const own = { gateway: { seed: 7, quality: "low" } };
  const made = await ask(model, { providerOptions: own });
  return made.images.length;
});

await check("wrong key", () => ask(model, {}, "wrong"));
await check("no such model", () => ask("dall-e-3"));
await check("size of no model", () => ask(model, { size: "4000x1000" }));
await check("no money", () => ask(model, { prompt: "another fox" }, poorKey));
