/**
 * Long work in short turns.
 * @module
 */
import { othersTurn } from "../net/pause.ts";

/** After how much work, in ms, others have their turn: a turn costs one or two, so that more would slow the work down. */
export const turnMs = 10;

/**
 * The same bytes; what comes without waiting for anybody would keep all else waiting. What is done with them counts.
 *
 * @param now The clock, in ms. @default performance.now
 */
export async function* byTurns<T extends Uint8Array>(
  all: Iterable<T> | AsyncIterable<T>,
  now: () => number = () => performance.now(),
): AsyncGenerator<T, void, undefined> {
  let beganAt = now();
  for await (const bytes of all) {
    yield bytes;
    if (now() - beganAt < turnMs) continue;
    await othersTurn();
    beganAt = now();
  }
}
