/**
 * Waiting.
 * @module
 */

/** Waits for `ms`, or until the signal fires. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

/** Lets happen what else is due: for work that takes long and waits for nobody. */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** First pause before a lost server is tried again, in ms. */
export const firstPauseMs = 500;
/** Longest pause before a lost server is tried again, in ms. */
export const longestPauseMs = 30_000;

/**
 * Pauses that double from `firstPauseMs` to `longestPauseMs`, each shortened at random by up to half, so that a
 * hundred peers that lost the same server do not all come back in the same moment.
 */
export function* growingPauses(random: () => number = Math.random): Generator<number, never, void> {
  for (let ms = firstPauseMs;; ms = Math.min(ms * 2, longestPauseMs)) {
    yield Math.round(ms * (1 - random() / 2));
  }
}
