/**
 * Disks that are full, or take nothing at all.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withTools } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { leastPermissions, runTool, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer } from "../helpers/tools.ts";

/**
 * Runs a command in a world of its own where a folder lies on a disk of 64 KiB, mounted with `options`, and shows on
 * standard error which files are left in that folder. No other process sees the disk, and it goes away with the command.
 */
function onSmallDisk(folder: string, options: string): readonly string[] {
  return onDisk(folder, `size=64k,${options}`, `"$@"; code=$?`);
}

/** Runs a command first on a disk of 3 MiB, then again when that has become one of 16 MiB. */
function onGrowingDisk(folder: string): readonly string[] {
  return onDisk(
    folder,
    "size=3m",
    `"$@"; echo "first: $?" >&2; mount -o remount,size=16m "$0"; "$@"; code=$?`,
  );
}

/** @param commands What is done there: `$@` is the command, `$0` the folder; leaves an exit code in `code`. */
function onDisk(folder: string, options: string, commands: string): readonly string[] {
  const script = `mount -t tmpfs -o ${options} tmpfs "$0" || exit 126
    ${commands}; cd "$0"; echo "left: $(find . -type f)" >&2; exit $code`;
  return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, folder];
}

for (
  const [what, options, complaint] of [
    ["a full disk", "rw", "no space is left on the disk"],
    ["a read-only disk", "ro", "the disk is read-only"],
  ] as const
) {
  Deno.test({
    name: `peer get says in one line that there is ${what}, and leaves nothing on it`,
    ...withTools,
    ignore: withTools.ignore || Deno.build.os !== "linux",
    async fn(t) {
      using target = new TemporaryFolder();
      const probe = await runTool("peer", ["--version"], {
        runner: onSmallDisk(target.path, options),
      });
      using folder = new TemporaryFolder();
      folder.write("rfc8600.txt", "x".repeat(1_000_000));
      await using server = await startCiServer();
      await using _peer = await startPeer(folder.path, ["--ci", server.address]);
      const get = ["get", "8600", "--ci", server.address];
      const path = join(target.path, "rfc8600.txt");
      for (const where of [["--dir", target.path], ["-o", path]]) {
        await t.step({
          name: `get ${where[0]}`,
          // Not everywhere may a user make a world of his own.
          ignore: probe.code !== 0,
          async fn() {
            const { code, stdout, stderr } = await runTool("peer", [...get, ...where], {
              permissions: writingTo(target.path),
              runner: onSmallDisk(target.path, options),
            });
            assert.equal(code, 1);
            assert.equal(stdout, "");
            assert.equal(stderr, `Cannot write ${path}: ${complaint}\nleft: \n`);
          },
        });
      }
    },
  });
}

Deno.test({
  name:
    "peer get keeps what it has of a long document when the disk is full, and goes on when there is space",
  ...withTools,
  ignore: withTools.ignore || Deno.build.os !== "linux",
  async fn(t) {
    using target = new TemporaryFolder();
    const runner = onGrowingDisk(target.path);
    const probe = await runTool("peer", ["--version"], { runner });
    const size = 8_000_000;
    using folder = new TemporaryFolder();
    folder.write("rfc8600.txt", "x".repeat(size));
    await using server = await startCiServer();
    await using _peer = await startPeer(folder.path, ["--ci", server.address]);
    await t.step({
      name: "get --dir",
      ignore: probe.code !== 0,
      async fn() {
        const { code, stdout, stderr } = await runTool(
          "peer",
          ["get", "8600", "--ci", server.address, "--dir", target.path, "--json"],
          { permissions: writingTo(target.path), runner },
        );
        const path = join(target.path, "rfc8600.txt");
        const complaint = `Cannot write ${path}: no space is left on the disk`;
        const left = stderr.match(/^(?:left: )?\.\/.*$/gm)?.map((line) =>
          line.replace("left: ", "")
        );
        assert.ok(stderr.startsWith(`${complaint}\nfirst: 1\nleft: `));
        assert.deepEqual(left?.sort(), ["./.rfc-exchange/catalogue.ndjson", "./rfc8600.txt"]);
        assert.equal(code, 0);
        const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
        const { bytes, sources: [source] } = events.find(({ event }) => event === "downloaded");
        assert.equal(bytes, size);
        // At most the last quarter of a MiB before the disk was full has come twice.
        assert(source.bytes < size - 2_000_000, `${source.bytes} bytes came again`);
      },
    });
  },
});

Deno.test({
  name: "peer get -o lets no device give way to a file",
  ...withTools,
  ignore: withTools.ignore || Deno.build.os === "windows",
  async fn() {
    using folder = new TemporaryFolder();
    folder.write("rfc8600.txt", "x");
    const device = join(folder.path, "null");
    Deno.symlinkSync("/dev/null", device);
    const { code, stderr } = await runTool(
      "peer",
      ["get", "8600", "--dir", folder.path, "-o", device],
      { permissions: [...leastPermissions, "--allow-write"] },
    );
    assert.equal(code, 1);
    assert.equal(stderr, `Cannot write ${device}: it is not a regular file\n`);
    assert.equal(Deno.lstatSync(device).isSymlink, true);
  },
});
