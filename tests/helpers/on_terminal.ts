/**
 * A program of its own that runs a command on a pseudo terminal, by script(1): a tool that asks a question asks it
 * there only. What is typed comes from standard input. Ends with the command's exit code.
 * @module
 */

/** The exit code when the runtime asked for a permission. */
export const askedCode = 99;

/** What the runtime asks with. */
const question = /Deno requests|Allow\?/;

async function runOnTerminal(command: readonly string[]): Promise<number> {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const terminal = new Deno.Command("script", {
    // Without "exec" a shell may stay between the terminal and the command, be interrupted too, and end with a code of
    // its own: dash does.
    args: ["--quiet", "--return", "--command", `exec ${quoted}`, "/dev/null"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  // Whoever ends this program means the command.
  Deno.addSignalListener("SIGTERM", () => terminal.kill());
  // Typing may outlast the command.
  Deno.stdin.readable.pipeTo(terminal.stdin).catch(() => {});
  const decoder = new TextDecoder();
  let shown = "";
  for await (const bytes of terminal.stdout) {
    Deno.stdout.writeSync(bytes);
    shown = (shown + decoder.decode(bytes, { stream: true })).slice(-10_000);
    if (question.test(shown)) {
      // It waits for an answer, and would make a gentler end wait too.
      terminal.kill("SIGKILL");
      return askedCode;
    }
  }
  return (await terminal.status).code;
}

if (import.meta.main) Deno.exit(await runOnTerminal(Deno.args));
