// What the client takes and gives. The lists of codes and values are held against the gateway's own
// tables by test/tables.test.js, and index.js against this file by tsc.

/** How to reach a gateway, and who calls. */
export type GatewayOptions = GatewayAddress & Credential;

export interface GatewayAddress {
  /** Where the gateway is, such as `https://images.example`; in a page also a path of its own origin. */
  baseUrl: string;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
  /** How often in a row it tries to get back to a generation; 8 when left out. */
  retries?: number;
  /** The first pause between two tries, in milliseconds; each further one is twice as long, up to 10 s. 250 when left out. */
  retryDelay?: number;
  /** After how many silent milliseconds a stream is taken for dead and opened again; 60,000 when left out. */
  idleTimeout?: number;
}

/** A client's key, for servers only; or a browser token, or what gets one; or nothing, where the gateway asks for none. */
export type Credential =
  | { key: string; token?: never }
  | { token: string | (() => Promise<BrowserToken>); key?: never }
  | { key?: never; token?: never };

/** What `POST /tokens` answers. */
export interface BrowserToken {
  token: string;
  /** RFC 3339. */
  expires_at: string;
}

/** Asks a gateway for pictures. */
export declare class Gateway {
  constructor(options: GatewayOptions);

  /**
   * Has pictures made, and waits for them. Comes back by itself when a connection breaks.
   * @throws {GatewayError} what the gateway or the connection refused
   */
  generate(request: LegacyRequest, options?: GenerateOptions): Promise<GenerationResult>;
  generate(request: EndpointRequest, options: GenerateOptions & EndpointChoice): Promise<GenerationResult>;

  /**
   * Has pictures made, and does not wait: `resume` or `get` has them later.
   * @throws {GatewayError}
   */
  start(request: LegacyRequest, options?: StartOptions): Promise<Started>;
  start(request: EndpointRequest, options: StartOptions & EndpointChoice): Promise<Started>;

  /**
   * Waits for a generation that was started before, here or elsewhere with the same key.
   * @throws {GatewayError}
   */
  resume(id: string, options?: WaitOptions): Promise<GenerationResult>;

  /**
   * Where a generation stands.
   * @throws {GatewayError}
   */
  get(id: string, options?: { signal?: AbortSignal }): Promise<Generation>;

  /**
   * Cancels a generation that still waits for its turn.
   * @throws {GatewayError} `not_found`; `generation_running` when it is too late
   */
  cancel(id: string, options?: { signal?: AbortSignal }): Promise<void>;
}

/** Waiting for a result. */
export interface WaitOptions {
  /** Is told of every step once, in order, and of each new position in the queue. What it throws ends the call. */
  onProgress?: (progress: Progress) => void;
  /** Ends the waiting, with the signal's reason; the generation goes on. */
  signal?: AbortSignal;
  /** With true, aborting cancels the generation as well, if it still waits for its turn. */
  cancelOnAbort?: boolean;
  /** The longest to wait, in seconds; then the call fails as `generation_pending`, and the generation goes on. */
  wait?: number;
}

export interface StartOptions {
  /** Names the generation: the same key with the same request is paid once. Drawn at random when left out. */
  idempotencyKey?: string;
  /** `no-cache` has new pictures made though there are some; `no-store` neither reads nor writes the cache. */
  cache?: "no-cache" | "no-store";
  /** Ends the call, with the signal's reason; what it began goes on. */
  signal?: AbortSignal;
}

export interface GenerateOptions extends StartOptions, WaitOptions {}

/** One of the gateway's endpoints for pictures, such as `/v1/ideogram-v3/generate`. */
export interface EndpointChoice {
  path: `/${string}`;
}

/** The body of an endpoint, as Ideogram describes it. */
export type EndpointRequest = FormData | object;

/** The body of `POST /generate`. */
export interface LegacyRequest {
  image_request: ImageRequest;
}

export interface ImageRequest {
  prompt: string;
  model?: Model;
  /** From 1 to 8. */
  num_images?: number;
  /** Not together with `resolution`. */
  aspect_ratio?: AspectRatio;
  resolution?: `RESOLUTION_${number}_${number}`;
  magic_prompt_option?: MagicPromptOption;
  magic_prompt_version?: MagicPromptVersion;
  /** From 0 to 2147483647. */
  seed?: number;
  style_type?: StyleType;
  negative_prompt?: string;
  color_palette?: ColorPalette;
}

export type Model = "V_1" | "V_1_TURBO" | "V_2" | "V_2_TURBO" | "V_2A" | "V_2A_TURBO" | "V_3" | "AUTO";

export type AspectRatio =
  | "ASPECT_10_16"
  | "ASPECT_16_10"
  | "ASPECT_9_16"
  | "ASPECT_16_9"
  | "ASPECT_3_2"
  | "ASPECT_2_3"
  | "ASPECT_4_3"
  | "ASPECT_3_4"
  | "ASPECT_1_1"
  | "ASPECT_1_3"
  | "ASPECT_3_1";

export type MagicPromptOption = "AUTO" | "ON" | "OFF";

export type MagicPromptVersion =
  | "V_0"
  | "V_0_1"
  | "V_0_2"
  | "V_0_3"
  | "V_0_4"
  | "V_0_5"
  | "V_0_6"
  | "V_0_7"
  | "V_0_8";

export type StyleType =
  | "AUTO"
  | "GENERAL"
  | "FICTION"
  | "REALISTIC"
  | "DESIGN"
  | "RENDER_3D"
  | "ANIME"
  | "CUSTOM"
  | "STYLIZED";

export type ColorPalette =
  | { name: PaletteName }
  | { members: { color_hex: string; color_weight?: number }[] };

export type PaletteName =
  | "EMBER"
  | "FRESH"
  | "JUNGLE"
  | "MAGIC"
  | "MELON"
  | "MOSAIC"
  | "PASTEL"
  | "ULTRAMARINE";

/** Ideogram's own answer with lasting links, and what the gateway adds. */
export interface GenerationResult {
  created: string;
  data: IdeogramImage[];
  gateway: GatewayPart;
}

/** A picture as Ideogram describes it. */
export interface IdeogramImage {
  /** Null for a picture that Ideogram found unsafe. */
  url: string | null;
  prompt: string;
  resolution: string;
  is_image_safe: boolean;
  seed: number;
  style_type?: string;
}

export interface GatewayPart {
  /** The generation's id. */
  id: string;
  /** Where the result came from; absent where it was looked up by its id. */
  cache?: "hit" | "miss" | "joined" | "bypass";
  /** What the request added to the bill; where it was looked up by its id, what it cost. */
  cost_usd: number;
  images: StoredImage[];
  /** What was taken out of the prompt; absent where the result was looked up by its id. */
  redactions?: { kind: string; count: number }[];
  /** Why there are placeholders instead of pictures; absent where there are pictures. */
  fallback?: "generation_disabled" | "no_credits" | "breaker_open";
}

/** A picture as the gateway keeps it. */
export type StoredImage =
  | { index: number; seed: number; url: string; key: string; persisted: true }
  | { index: number; seed: number; url: string | null; key: null; persisted: false };

/** What `onProgress` is told. */
export type Progress =
  | { type: "queued"; id: string; position?: number }
  | { type: "generating"; id: string; attempt: number }
  | { type: "stored"; id: string; index: number; seed: number; url: string; key: string };

/** What `start` gives: the id to come back with, and the result if there was one already. */
export interface Started {
  id: string;
  result: GenerationResult | null;
}

/** Where a generation stands. */
export type Generation = { id: string; attempt?: number; created_at: string; updated_at: string } & (
  | { state: "queued"; position?: number }
  | { state: "generating" | "storing" }
  | { state: "done"; result: GenerationResult }
  | { state: "failed"; error: { error: string; code: FailureCode } }
  | { state: "cancelled"; error?: { error: string; code: FailureCode } }
);

/** What went wrong, as the gateway says it. */
export type FailureCode =
  | "invalid_request"
  | "unauthorized"
  | "forbidden"
  | "token_spent"
  | "not_found"
  | "model_not_found"
  | "method_not_allowed"
  | "request_timeout"
  | "generation_running"
  | "cancelled"
  | "idempotency_conflict"
  | "payload_too_large"
  | "unsupported_media_type"
  | "range_not_satisfiable"
  | "prompt_rejected"
  | "daily_budget_exceeded"
  | "client_budget_exceeded"
  | "rate_limited"
  | "internal_error"
  | "upstream_error"
  | "upstream_auth"
  | "interrupted"
  | "busy"
  | "generation_disabled"
  | "no_credits"
  | "breaker_open"
  | "upstream_timeout"
  | "generation_pending";

/** What went wrong, as the client saw it. */
export type ClientCode =
  /** The gateway could not be reached, again and again. With a `generationId`, `resume` goes on. */
  | "connection_lost"
  /** Something that is no answer of a gateway's: is `baseUrl` right? */
  | "bad_answer";

/** Every failure but an abort, which rejects with the signal's reason. */
export declare class GatewayError extends Error {
  readonly name: "GatewayError";
  readonly code: FailureCode | ClientCode;
  /** The HTTP status; null for what came in a stream, and without an answer. */
  readonly status: number | null;
  readonly requestId: string | null;
  /** The generation it is about, for `resume` and `get`. */
  readonly generationId: string | null;
  /** When it makes sense to ask again, in seconds. */
  readonly retryAfter: number | null;
  /** The field of the request that is wrong. */
  readonly field: string | null;
  /** All that the gateway said, such as `redactions`. */
  readonly body: Readonly<Record<string, unknown>>;
}
