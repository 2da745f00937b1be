/**
 * The floors of the house: imports of lib point down, and each kind of input and output has one room that does it.
 */
import assert from "node:assert/strict";
import { lacks, pure } from "./helpers/permissions.ts";

const root = new URL("../", import.meta.url);
const entryScripts = ["rs.ts", "ci_server.ts", "peer.ts"];

/** The rooms from the ground up, and what each may import besides itself. The entry scripts are a room of their own. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  net: ["protocol"],
  index: ["protocol"],
  files: ["protocol"],
  roles: ["protocol", "net", "index", "files"],
  experiment: ["protocol", "net", "index", "files", "roles"],
  cli: ["protocol", "net", "index", "files", "roles", "experiment"],
  entry: ["protocol", "net", "index", "files", "roles", "experiment", "cli"],
};

/** Rooms that import no package either, not even the runtime's own. */
const roomsWithoutPackages = ["protocol", "index"];

const diskFunctions = [
  "chmod",
  "chown",
  "copyFile",
  "create",
  "link",
  "lstat",
  "makeTempDir",
  "makeTempFile",
  "mkdir",
  "open",
  "readDir",
  "readFile",
  "readLink",
  "readTextFile",
  "realPath",
  "remove",
  "rename",
  "stat",
  "symlink",
  "truncate",
  "utime",
  "watchFs",
  "writeFile",
  "writeTextFile",
];

/** Something that only some rooms may do. */
interface Reservation {
  readonly what: string;
  readonly code: RegExp;
  readonly rooms: readonly string[];
}

const reservations: readonly Reservation[] = [
  {
    what: "sockets",
    code:
      /\bDeno\.(?:listen|connect|serve|resolveDns)|\bfetch\(|\bnew WebSocket\b|"node:(?:net|tls|dgram|dns|https?|http2)[/"]/,
    rooms: ["net"],
  },
  {
    what: "the disk",
    code: new RegExp(`\\bDeno\\.(?:${diskFunctions.join("|")})(?:Sync)?\\b|"node:fs[/"]`),
    rooms: ["files"],
  },
  {
    what: "the runtime",
    code: /\bDeno\b|\bprocess\b/,
    rooms: ["net", "files", "roles", "experiment", "cli", "entry"],
  },
  {
    what: "a clock that is read or a timer",
    code: /\bDate\.now\(|\bnew Date\(\)|\bperformance\b|\bset(?:Timeout|Interval)\b/,
    rooms: ["net", "files", "roles", "experiment", "cli", "entry"],
  },
  {
    what: "a clock, chance or waiting",
    code: /\bDate\.now\b|\bMath\.random\b|\bcrypto\b|\b(?:async|await|Promise|queueMicrotask)\b/,
    rooms: ["net", "index", "files", "roles", "experiment", "cli", "entry"],
  },
  { what: "the console", code: /\bconsole\b/, rooms: [] },
];

/** The source without its comments, which may speak of anything; `deno fmt` keeps them apart from the code. */
function codeOf(source: string): string {
  return source.replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, "").replace(/(^|[ \t])\/\/ .*$/gm, "$1");
}

function importsOf(code: string): string[] {
  const found = code.matchAll(/\bfrom\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"/g);
  return Array.from(found, ([, from, bare]) => (from ?? bare)!);
}

/** The room of a file, by its path from the root of the repository. */
function roomOf(path: string): string | undefined {
  const room = entryScripts.includes(path) ? "entry" : /^lib\/([^/]+)\//.exec(path)?.[1];
  return room !== undefined && Object.hasOwn(mayImport, room) ? room : undefined;
}

/** Whether a room may import something that is no file of its own room. */
function mayUse(room: string, specifier: string, path: string): boolean {
  if (!specifier.startsWith(".")) return !roomsWithoutPackages.includes(room);
  // The version of the tools stands in the configuration alone.
  if (room === "cli" && path === "deno.json") return true;
  const imported = roomOf(path);
  return imported === room || (imported !== undefined && mayImport[room]!.includes(imported));
}

/** What a file does that its room must not. */
function violationsOf(path: string, source: string): string[] {
  const room = roomOf(path);
  if (room === undefined) return [`${path} is in no room that has its place in this test`];
  const code = codeOf(source);
  const imports = importsOf(code)
    .filter((specifier) => {
      const target = new URL(specifier, new URL(path, root));
      return !mayUse(room, specifier, target.href.slice(root.href.length));
    })
    .map((specifier) => `${path} imports ${specifier}`);
  const uses = reservations
    .filter(({ code: reserved, rooms }) => !rooms.includes(room) && reserved.test(code))
    .map(({ what }) => `${path} uses ${what}`);
  return [...imports, ...uses];
}

/** The paths of all TypeScript files below a folder, from the root of the repository. */
function sourcesBelow(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sourcesBelow(`${folder}${name}/`);
    return name.endsWith(".ts") ? [folder + name] : [];
  });
}

Deno.test({
  name: "lib keeps to its floors",
  ignore: lacks("read"),
  permissions: { read: [root] },
  fn() {
    const paths = [...sourcesBelow("lib/"), ...entryScripts];
    const violations = paths.flatMap((path) =>
      violationsOf(path, Deno.readTextFileSync(new URL(path, root)))
    );
    assert.deepEqual(violations, []);
    assert.deepEqual(new Set(paths.map(roomOf)), new Set(Object.keys(mayImport)));
  },
});

Deno.test("the test of the floors sees imports that do not point down", pure, () => {
  const wrong = [
    ["lib/protocol/a.ts", `import { b } from "../net/b.ts";`],
    ["lib/protocol/a.ts", `import "node:path";`],
    ["lib/index/a.ts", `import { getLogger } from "@logtape/logtape";`],
    ["lib/net/a.ts", `import type { B } from "../files/b.ts";`],
    ["lib/files/a.ts", `export * from "../index/b.ts";`],
    ["lib/index/a.ts", `import {\n  type B,\n  c,\n} from "../roles/b.ts";`],
    ["lib/roles/a.ts", `const b = await import("../cli/b.ts");`],
    ["lib/roles/a.ts", `import { b } from "../experiment/b.ts";`],
    ["lib/experiment/a.ts", `import { b } from "../cli/b.ts";`],
    ["lib/cli/a.ts", `import { b } from "../../peer.ts";`],
    ["lib/cli/a.ts", `import { b } from "../../tests/helpers/b.ts";`],
    ["lib/roles/a.ts", `import b from "../../deno.json" with { type: "json" };`],
    ["lib/cli/a.ts", `import { b } from "../attic/b.ts";`],
    ["lib/attic/a.ts", ""],
    ["lib/a.ts", ""],
  ] as const;
  for (const [path, source] of wrong) {
    assert.equal(violationsOf(path, source).length, 1, `${path}: ${source}`);
  }
});

Deno.test("the test of the floors sees what a room must not do", pure, () => {
  const wrong = [
    ["lib/roles/a.ts", "Deno.listen({ port: 0 });"],
    ["lib/cli/a.ts", "await Deno.connectTls({ port: 1 });"],
    ["lib/files/a.ts", `await fetch("https://example.org/");`],
    ["lib/roles/a.ts", "Deno.lstatSync(path);"],
    ["lib/net/a.ts", "await Deno.open(path);"],
    ["lib/cli/a.ts", `import { readFile } from "node:fs/promises";`],
    ["rs.ts", "Deno.readTextFileSync(path);"],
    ["lib/protocol/a.ts", "export const system = Deno.build.os;"],
    ["lib/index/a.ts", "Deno.exit(1);"],
    ["lib/protocol/a.ts", "export const clock = Date.now;"],
    ["lib/protocol/a.ts", "const today = new Date();"],
    ["lib/index/a.ts", "const now = Date.now();"],
    ["lib/index/a.ts", "setTimeout(sweep, 1_000);"],
    ["lib/protocol/a.ts", "export async function parse() {}"],
    ["lib/cli/a.ts", "console.log(text);"],
    ["peer.ts", "console.error(error);"],
  ] as const;
  for (const [path, source] of wrong) {
    assert.equal(violationsOf(path, source).length, 1, `${path}: ${source}`);
  }
});

Deno.test("the test of the floors lets pass what is in order", pure, () => {
  const right = [
    ["lib/protocol/a.ts", `import { b } from "./b.ts";\nexport { c } from "./c.ts";`],
    [
      "lib/protocol/a.ts",
      "/**\n * Unlike Date.now and `Deno.open`.\n */\nexport const a = 1; // no console",
    ],
    ["lib/protocol/a.ts", "const date = new Date(epochMs);"],
    ["lib/index/a.ts", "this.#now = options.now ?? Date.now;"],
    ["lib/net/a.ts", "Deno.listen({ port: 0 });\nsetTimeout(call, 1);"],
    ["lib/files/a.ts", `import { join } from "node:path";\nDeno.renameSync(a, b);`],
    ["lib/roles/a.ts", `import { b } from "../index/b.ts";\nimport { c } from "../net/c.ts";`],
    ["lib/cli/a.ts", `import b from "../../deno.json" with { type: "json" };`],
    ["lib/experiment/a.ts", `import { b } from "../roles/b.ts";\nimport { c } from "d3-shape";`],
    ["lib/cli/a.ts", `import { b } from "../experiment/b.ts";\nDeno.exit(1);`],
    ["peer.ts", `import { runPeer } from "./lib/cli/peer_tool.ts";`],
  ] as const;
  for (const [path, source] of right) assert.deepEqual(violationsOf(path, source), [], path);
});
