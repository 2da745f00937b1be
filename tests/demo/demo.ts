/**
 * The demonstration: both systems at work on the shipped documents, every message shown. Run it with
 * `deno task demo`.
 * @module
 */
import { formatTable } from "../../lib/cli/table.ts";
import { Interrupt } from "../../lib/cli/interrupt.ts";
import { Narrator } from "./narrator.ts";
import { Stage } from "./stage.ts";
import { type Step, story } from "./story.ts";

const introduction = `Two servers and three peers are about to start, each as a process of its own.
What stands behind "$" is run as it stands, in a folder that has the peers' folders a, b and c;
"peer.ts …" is short for "deno run --allow-net --allow-read --allow-write=FOLDER peer.ts …".`;

/**
 * Plays steps until one fails, and says in a table what happened.
 *
 * @param signal Ends the play when it fires.
 * @returns Whether every step happened as it should.
 */
export async function perform(
  steps: readonly Step[],
  narrator: Narrator,
  signal: AbortSignal,
): Promise<boolean> {
  await using stage = new Stage(narrator);
  const stop = () => void stage[Symbol.asyncDispose]();
  signal.addEventListener("abort", stop);
  const startedAt = performance.now();
  const outcomes: string[] = [];
  for (const [i, { title, play }] of steps.entries()) {
    if (signal.aborted) break;
    narrator.heading(i + 1, title);
    try {
      outcomes.push(await play(stage, narrator));
    } catch (error) {
      narrator.failure(error instanceof Error ? error.message : String(error));
      break;
    }
  }
  signal.removeEventListener("abort", stop);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const rows = steps.map(({ title }, i) => [
    `${i + 1}`,
    title,
    outcomes[i] ?? (i === outcomes.length ? "FAILED" : "not reached"),
  ]);
  narrator.plain(`\n${formatTable(["", "what was to happen", "what happened"], rows)}`);
  narrator.plain(`\n${outcomes.length} of ${steps.length} steps happened, in ${seconds} s.`);
  return outcomes.length === steps.length;
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  const narrator = new Narrator(
    (text) => void Deno.stdout.writeSync(encoder.encode(text)),
    Deno.stdout.isTerminal() && !Deno.noColor,
  );
  using interrupt = new Interrupt();
  narrator.plain(introduction);
  Deno.exit(await perform(story, narrator, interrupt.signal) ? 0 : 1);
}
