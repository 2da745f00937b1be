/**
 * Making programs of the three tools: executables for one machine or all, one `.js` file each, and a proof that
 * executables can be made where Deno's own base binary is out of reach.
 *
 * usage: compile.ts host|all|check|bundle
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A tool, by the name of its entry script, and what it may do once compiled. */
export interface CompiledTool {
  /** Name of the entry script, without `.ts`. */
  readonly name: string;
  /** What is baked into its executable. */
  readonly permissions: readonly ("net" | "read" | "write")[];
}

/** The three tools. */
export const tools: readonly CompiledTool[] = [
  { name: "rs", permissions: ["net", "read"] },
  { name: "ci_server", permissions: ["net", "read"] },
  { name: "peer", permissions: ["net", "read", "write"] },
];

/** The systems that `compile:all` makes executables for. */
export const targets: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
];

/** What only tests use, and what comes with it: no executable may carry it. */
const developmentPackages = ["fast-check", "pure-rand", "playwright-core"];

/** What is said where Deno's own base binary cannot be had. */
export const missingBaseBinary =
  "Cannot compile: Deno's own base binary cannot be downloaded from dl.deno.land; " +
  "`deno task compile:check` proves everything but the run, `deno task bundle` makes one .js file of each tool";

/** Something did not come out as it must; the message is all there is to say. */
export class CompileError extends Error {
  override readonly name = "CompileError";
}

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = join(root, "dist");

/**
 * Compiles one tool.
 *
 * @param folder Where the executable goes.
 * @param target The system it is for. @default this one
 * @param env Variables for the compiler besides its own.
 * @returns Path of the executable.
 * @throws {CompileError} if it cannot be made.
 */
export async function compile(
  tool: CompiledTool,
  folder: string,
  { target, env }: { target?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const isWindows = target === undefined ? Deno.build.os === "windows" : target.includes("windows");
  const path = join(folder, isWindows ? `${tool.name}.exe` : tool.name);
  const { success, output } = await runDeno([
    "compile",
    "--quiet",
    "--exclude-unused-npm",
    // A question about a permission would stop a server that nobody watches.
    "--no-prompt",
    ...tool.permissions.map((permission) => `--allow-${permission}`),
    ...(target === undefined ? [] : ["--target", target]),
    "--output",
    path,
    `${tool.name}.ts`,
  ], env);
  if (success) return path;
  const isMissing = /denort|base binary/i.test(output) && /download|sending request/i.test(output);
  throw new CompileError(isMissing ? missingBaseBinary : output);
}

/**
 * Makes one `.js` file of a tool, for `deno run --allow-net --allow-read`.
 *
 * @returns Path of the file.
 * @throws {CompileError} if it cannot be made.
 */
export async function bundle({ name }: CompiledTool, folder: string): Promise<string> {
  const path = join(folder, `${name}.js`);
  const { success, output } = await runDeno([
    "bundle",
    "--quiet",
    "--check",
    "--output",
    path,
    `${name}.ts`,
  ]);
  if (!success) throw new CompileError(output);
  return path;
}

/**
 * Proves that a tool compiles: its types, its modules, and what its executable holds.
 *
 * @throws {CompileError} if it does not, is given other permissions, or carries what only tests use.
 */
export async function check(tool: CompiledTool, folder: string): Promise<void> {
  const path = await compile(tool, folder, { env: { DENORT_BIN: standInBinary() } });
  const executable = new TextDecoder("latin1").decode(Deno.readFileSync(path));
  expectPermissions(tool, executable);
  expectPackages(tool, executable);
}

/**
 * Checks that the permissions in an executable are those of the tool and no others.
 *
 * @param executable Its bytes, a character each.
 * @throws {CompileError} naming the first that differs.
 */
export function expectPermissions({ name, permissions }: CompiledTool, executable: string): void {
  const found = /"permissions":(\{[^{}]*\})/.exec(executable);
  const baked: Record<string, unknown> = JSON.parse(found?.[1] ?? "{}");
  const expected = new Map<string, unknown>([["prompt", false]]);
  for (const permission of ["env", "ffi", "net", "read", "run", "sys", "write"]) {
    // An empty list allows everything of its kind; null allows nothing.
    const isAllowed = permissions.some((allowed) => allowed === permission);
    expected.set(`allow_${permission}`, isAllowed ? [] : null);
  }
  for (const [key, value] of expected) {
    if (JSON.stringify(baked[key]) === JSON.stringify(value)) continue;
    throw new CompileError(
      `Cannot accept ${name}: expected ${key} to be ${JSON.stringify(value)}, got ${
        JSON.stringify(baked[key])
      }`,
    );
  }
}

/**
 * Checks that the tree of files in an executable has the packages that the tools need, and none that only tests use.
 *
 * @param executable Its bytes, a character each.
 * @throws {CompileError} naming those that should not be there.
 */
export function expectPackages({ name }: CompiledTool, executable: string): void {
  const holds = (folder: string) => executable.includes(`"Dir":{"n":"${folder}"`);
  // Without this a tree of another form would pass as one without development packages.
  if (!holds("@optique")) {
    throw new CompileError(`Cannot accept ${name}: its tree of files cannot be read`);
  }
  const unwanted = developmentPackages.filter(holds);
  if (unwanted.length > 0) {
    throw new CompileError(`Cannot accept ${name}: it carries ${unwanted.join(", ")}`);
  }
}

/** A program of this system, the smaller the better, to be the body of an executable that is never run. */
export function standInBinary(): string {
  const isFile = (path: string) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  };
  return ["/bin/true", "/usr/bin/true"].find(isFile) ?? Deno.execPath();
}

async function runDeno(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ success: boolean; output: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { success, output: `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trim() };
}

function report(path: string): void {
  const megabytes = (Deno.statSync(path).size / 1_000_000).toFixed(1);
  console.log(`${path.slice(root.length)}  ${megabytes} MB`);
}

/** What can be asked for on the command line. */
const actions: Record<string, () => Promise<void>> = {
  async host() {
    for (const tool of tools) report(await compile(tool, dist));
  },
  async all() {
    for (const target of targets) {
      for (const tool of tools) report(await compile(tool, join(dist, target), { target }));
    }
  },
  async check() {
    const folder = Deno.makeTempDirSync({ prefix: "rfc-exchange-compile-" });
    try {
      for (const tool of tools) {
        await check(tool, folder);
        console.log(`${tool.name} compiles, with ${tool.permissions.join(", ")} and nothing else`);
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
  async bundle() {
    for (const tool of tools) report(await bundle(tool, dist));
  },
};

if (import.meta.main) {
  const action = actions[Deno.args[0] ?? ""];
  if (action === undefined || Deno.args.length > 1) {
    console.error(`usage: compile.ts ${Object.keys(actions).join("|")}`);
    Deno.exit(2);
  }
  try {
    await action();
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
