// Waiting that ends with the caller's patience.
// Holds true: nothing is left of it when it ends, no timer and no listener.

import { lost } from "./errors.js";

/** Nothing is to be done. */
export const ignore = () => {};

/**
 * Settles as `promise` does, unless the caller leaves or so many milliseconds pass before.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @param {number} [milliseconds]
 * @returns {Promise<T>}
 */
export async function within(promise, signal, milliseconds) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let leave = ignore;
  /** @type {Promise<never>} */
  const end = new Promise((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave);
    if (signal.aborted) leave();
    if (milliseconds === undefined) return;
    timer = setTimeout(() => reject(lost("nothing came for too long")), milliseconds);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal */
export const sleep = (milliseconds, signal) =>
  within(new Promise(ignore), signal, milliseconds).catch((error) => {
    if (signal.aborted) throw error;
  });
