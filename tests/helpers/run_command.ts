/**
 * A program of its own that runs a command and ends with its exit code, for tests that may start the runtime only.
 * Ends with 127 if there is no such command.
 * @module
 */
async function runCommand([name = "", ...args]: readonly string[]): Promise<number> {
  try {
    return (await new Deno.Command(name, { args }).spawn().status).code;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 127;
    throw error;
  }
}

if (import.meta.main) Deno.exit(await runCommand(Deno.args));
