// ideogram-api: Ideogram's own requests as forms.

import { IdeogramAPI } from "ideogram-api";

import { check, digest, fetched, gateway, key, poorKey } from "./checks.js";

// The constructor takes https only, which a gateway on this machine has not.
const client = (apiKey) => {
  const api = new IdeogramAPI(apiKey, "https://localhost", "error");
  api.logger.silent = true;
  api.baseUrl = gateway;
  return api;
};
const api = client(key);
let picture;

await check("generate", async () => {
  const made = await api.generate({
    prompt: "a fox",
    renderingSpeed: "TURBO",
    numImages: 2,
    seed: 7,
    colorPalette: { name: "EMBER" },
    styleCodes: ["0a1b2c3d", "4e5f6071"],
  });
  const pictures = await Promise.all(made.data.map((item) => fetched(item.url)));
  picture = pictures[0];
  return { cache: made.gateway.cache, pictures: pictures.map(digest) };
});

await check("remix", async () => {
  const made = await api.remix({ prompt: "a wolf", image: picture, imageWeight: 40, renderingSpeed: "TURBO" });
  return { cache: made.gateway.cache, pictures: made.data.length };
});

await check("wrong key", () => client("wrong").generate({ prompt: "a fox" }));
await check("wrong field", () => api.generate({ prompt: "a fox", resolution: "1x1" }));
await check("prompt against policy", () => api.generate({ prompt: "a grenade", renderingSpeed: "TURBO" }));
await check("no money", () => client(poorKey).generate({ prompt: "another fox", renderingSpeed: "TURBO" }));
