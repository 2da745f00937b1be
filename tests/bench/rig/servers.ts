/**
 * Servers, ours and theirs, each on a free port of its own.
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { find, freePort, listening, type Place, Running } from "./programs.ts";

/** A server and where it listens. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  readonly running: Running;
}

/** The command that runs one of our tools. */
export function toolCommand(
  tool: "rs" | "ci_server" | "peer",
  args: readonly (string | number)[],
  writesTo?: string,
): string[] {
  const permissions = ["--allow-net", "--allow-read"];
  if (writesTo !== undefined) permissions.push(`--allow-write=${writesTo}`);
  const script = fileURLToPath(new URL(`../../../${tool}.ts`, import.meta.url));
  return [Deno.execPath(), "run", "--no-prompt", ...permissions, script, ...args.map(String)];
}

/** One of our servers. */
export function startTool(
  tool: "rs" | "ci_server" | "peer",
  args: readonly (string | number)[] = [],
  writesTo?: string,
  place?: Place,
): Promise<Server> {
  const port = freePort();
  const [command, ...rest] = tool === "peer" ? ["join", ...args] : args.map(String);
  const all = command === undefined ? [] : [command, ...rest];
  return start(port, toolCommand(tool, [...all, "--port", port], writesTo), place);
}

/** Redis, which keeps nothing on the disk; undefined if it is not here. */
export function startRedis(): Promise<Server> | undefined {
  const redis = find("redis-server");
  if (redis === undefined) return undefined;
  const port = freePort();
  return start(port, [redis, "--port", String(port), "--save", "", "--appendonly", "no"]);
}

/** nginx with a folder, one worker, no log; undefined if it is not here. */
export function startNginx(
  folder: string,
  workFolder: string,
  place?: Place,
): Promise<Server> | undefined {
  const nginx = find("nginx");
  if (nginx === undefined) return undefined;
  const port = freePort();
  const settings = join(workFolder, `nginx-${port}.conf`);
  Deno.writeTextFileSync(
    settings,
    `daemon off; ${Deno.uid() === 0 ? "user root;" : ""} worker_processes 1;
     pid ${workFolder}/nginx-${port}.pid; error_log ${workFolder}/nginx-${port}.log;
     events { worker_connections 4096; }
     http { access_log off; sendfile on; tcp_nopush on; default_type text/plain;
       server { listen 127.0.0.1:${port} backlog=4096; root ${folder}; } }`,
  );
  return start(port, [nginx, "-p", workFolder, "-c", settings], place);
}

/** The hash that is twenty times `a`. */
const someHash = "61".repeat(20);

/** opentracker that serves the torrent with a hash; undefined if it is not here. */
export function startTracker(workFolder: string, hash = someHash): Promise<Server> | undefined {
  const tracker = find("opentracker");
  if (tracker === undefined) return undefined;
  const port = String(freePort());
  Deno.chmodSync(workFolder, 0o755);
  // Debian's serves what is on its list only, and looks for that in the folder that it locks itself into.
  Deno.writeTextFileSync(join(workFolder, "whitelist.txt"), `${hash}\n`);
  const where = ["-i", "127.0.0.1", "-p", port, "-P", port, "-d", workFolder];
  return start(Number(port), [tracker, ...where, "-w", "whitelist.txt"]);
}

/** rsync's daemon with a folder as the module `docs`; undefined if it is not here. */
export function startRsync(
  folder: string,
  workFolder: string,
  place?: Place,
): Promise<Server> | undefined {
  const rsync = find("rsync");
  if (rsync === undefined) return undefined;
  const port = freePort();
  const settings = join(workFolder, `rsyncd-${port}.conf`);
  const user = Deno.uid() === 0 ? "uid = root\ngid = root\n" : "";
  Deno.writeTextFileSync(settings, `use chroot = no\n${user}[docs]\npath = ${folder}\n`);
  const where = ["--address=127.0.0.1", `--port=${port}`, `--config=${settings}`];
  return start(port, [rsync, "--daemon", "--no-detach", ...where], place);
}

async function start(
  port: number,
  command: readonly string[],
  place: Place = "server",
): Promise<Server> {
  const running = new Running(place, command);
  try {
    await listening(port);
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw new Error(`Cannot start ${command.join(" ")}`, { cause: error });
  }
  return { port, running, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}
