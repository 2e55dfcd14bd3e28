// @aigne/ideogram: Ideogram 3.0 as a model of AIGNE's, with forms of its own.

import { IdeogramImageModel } from "@aigne/ideogram";

import { check, digest, fetched, gateway, key, poorKey } from "./checks.js";

const ask = (input, apiKey = key) =>
  new IdeogramImageModel({ apiKey, baseURL: gateway }).process({ renderingSpeed: "TURBO", ...input });
let picture;

await check("generate", async () => {
  const made = await ask({ prompt: "a fox", n: 2, styleCodes: ["0a1b2c3d", "4e5f6071"] });
  const pictures = await Promise.all(made.images.map((image) => fetched(image.url)));
  picture = pictures[0];
  return { pictures: pictures.map(digest) };
});

await check("remix", async () => {
  const image = { type: "file", data: picture.toString("base64"), mimeType: "image/png" };
  const made = await ask({ prompt: "a wolf", image });
  return { pictures: made.images.length };
});

// It sends `[object Object]` for a palette; that has to be an error, not a picture without one.
await check("palette", () => ask({ prompt: "a fox", colorPalette: { name: "EMBER" } }));
await check("wrong key", () => ask({ prompt: "a fox" }, "wrong"));
await check("prompt against policy", () => ask({ prompt: "a grenade" }));
await check("no money", () => ask({ prompt: "another fox" }, poorKey));
