// What has to compile, and what must not.

import { Gateway, GatewayError } from "../index.js";
import type { FailureCode, Generation, GenerationResult, Progress, Started } from "../index.js";

const open = new Gateway({ baseUrl: "http://localhost:8787" });
new Gateway({ baseUrl: "http://localhost:8787", key: "k", retries: 3, retryDelay: 10, idleTimeout: 1000, fetch });
new Gateway({ baseUrl: "http://localhost:8787", token: "t" });
new Gateway({ baseUrl: "http://localhost:8787", token: async () => ({ token: "t", expires_at: "2026-01-01" }) });
// @ts-expect-error: a key and a token at once
new Gateway({ baseUrl: "http://localhost:8787", key: "k", token: "t" });
// @ts-expect-error: no address
new Gateway({ key: "k" });
// @ts-expect-error: a token without its end
new Gateway({ baseUrl: "http://localhost:8787", token: async () => ({ token: "t" }) });
// @ts-expect-error: a key is no function
new Gateway({ baseUrl: "http://localhost:8787", key: () => "k" });
// @ts-expect-error: the key cannot be read
open.key;

export async function generates(signal: AbortSignal): Promise<string | null | undefined> {
  const options = { signal, cancelOnAbort: true, wait: 30, idempotencyKey: "k", cache: "no-store" } as const;
  const result: GenerationResult = await open.generate(
    {
      image_request: {
        prompt: "a fox",
        model: "V_2",
        aspect_ratio: "ASPECT_16_9",
        color_palette: { members: [{ color_hex: "#ff0000", color_weight: 0.5 }] },
      },
    },
    options,
  );
  await open.generate({ image_request: { prompt: "a fox", resolution: "RESOLUTION_1024_1024" } });
  await open.generate({ prompt: "a fox" }, { path: "/v1/ideogram-v3/generate" });
  await open.generate(new FormData(), { path: "/v1/ideogram-v3/remix" });
  // @ts-expect-error: where does it go?
  await open.generate({ prompt: "a fox" });
  // @ts-expect-error: where does it go?
  await open.generate(new FormData(), { signal });
  // @ts-expect-error: a path begins with a slash
  await open.generate(new FormData(), { path: "v1/ideogram-v3/remix" });
  // @ts-expect-error: no such model
  await open.generate({ image_request: { prompt: "a fox", model: "V_9" } });
  // @ts-expect-error: no prompt
  await open.generate({ image_request: {} });
  // @ts-expect-error: no such cache
  await open.generate({ image_request: { prompt: "a fox" } }, { cache: "reload" });
  // @ts-expect-error: nobody waits for what is only started
  await open.start({ image_request: { prompt: "a fox" } }, { onProgress: () => {} });
  const { id, result: found }: Started = await open.start({ image_request: { prompt: "a fox" } });
  // @ts-expect-error: there may be none
  found.data;
  await open.resume(id, { onProgress: told, signal });
  await open.cancel(id, { signal });
  // @ts-expect-error: a page cannot be shown a picture that was withheld
  const url: string = result.data[0]?.url;
  for (const image of result.gateway.images) {
    if (image.persisted) image.key.length;
    // @ts-expect-error: what is not kept has no key
    else image.key.length;
  }
  return url ?? stands(await open.get(id));
}

function told(progress: Progress): string {
  switch (progress.type) {
    case "queued":
      // @ts-expect-error: it may not be known
      progress.position.toFixed();
      return `${progress.position ?? 0} before`;
    case "generating":
      return `try ${progress.attempt}`;
    case "stored":
      return progress.url;
    default:
      return progress satisfies never;
  }
}

function stands(generation: Generation): string | null | undefined {
  // @ts-expect-error: only what is done has a result
  generation.result;
  switch (generation.state) {
    case "done":
      return generation.result.data[0]?.url;
    case "failed":
      return generation.error.code;
    case "queued":
    case "generating":
    case "storing":
    case "cancelled":
      return generation.updated_at;
    default:
      return generation satisfies never;
  }
}

export function explains(error: unknown): string | null {
  if (!(error instanceof GatewayError)) return null;
  const code: FailureCode | "connection_lost" | "bad_answer" | "cancelled" = error.code;
  // @ts-expect-error: no such code
  if (error.code === "no_such_code") return null;
  // @ts-expect-error: it is what it is
  error.code = "busy";
  // @ts-expect-error: there may be none
  error.retryAfter.toFixed();
  return code === "invalid_request" ? error.field : error.generationId;
}
