import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { withTools } from "../helpers/permissions.ts";
import { runTool, type ToolName } from "../helpers/tool_process.ts";

const tools = ["rs", "ci_server", "peer"] as const satisfies readonly ToolName[];

for (const tool of tools) {
  Deno.test({
    name: `${tool} --help shows its options and the exit codes`,
    ...withTools,
    async fn() {
      const { code, stdout, stderr } = await runTool(tool, ["--help"]);
      assert.equal(code, 0);
      assert.equal(stderr, "");
      for (const option of ["--host", "--port", "--json", "--trace", "--log-level", "--version"]) {
        assert.ok(stdout.includes(option), option);
      }
      assert.match(
        stdout,
        /Exit codes: 0 done, 1 some of it could not be done, 2 wrong usage,\s+3 server or peer unreachable/,
      );
    },
  });

  Deno.test({
    name: `${tool} --version prints the version of the project`,
    ...withTools,
    async fn() {
      const result = await runTool(tool, ["--version"]);
      assert.deepEqual(result, { code: 0, stdout: `${config.version}\n`, stderr: "" });
    },
  });

  for (
    const [shell, registration] of [
      ["bash", `complete -F _${tool} -- ${tool}`],
      ["zsh", `compdef _${tool} ${tool}`],
      ["fish", `complete -c ${tool} `],
    ] as const
  ) {
    Deno.test({
      name: `${tool} completions ${shell} prints a script for that shell`,
      ...withTools,
      async fn() {
        const { code, stdout, stderr } = await runTool(tool, ["completions", shell]);
        assert.deepEqual([code, stderr], [0, ""]);
        assert.ok(stdout.includes(registration));
      },
    });
  }

  for (
    const [args, complaint] of [
      [["--prot", "1"], tool === "peer" ? /"--prot"/ : /Did you mean[^]*--port/],
      [["--log-level", "loud"], /"?(?:loud|--log-level)"?/],
      [["nonsense"], /nonsense/],
    ] as const
  ) {
    Deno.test({
      name: `${tool} ${args.join(" ")} is wrong usage`,
      ...withTools,
      async fn() {
        const { code, stdout, stderr } = await runTool(tool, args);
        assert.equal(code, 2);
        assert.equal(stdout, "");
        assert.match(stderr, complaint);
      },
    });
  }
}

for (
  const [args, complaint] of [
    [["jion"], /Did you mean `join`/],
    [["join", "--cii", "h"], /Did you mean[^]*`--ci`/],
    [["get", "1", "--outptu", "x"], /Did you mean[^]*`--output`/],
    [["join"], /add --ci HOST, --rs HOST, or both/],
    [["get", "1", "-o", "-"], /add --ci or --rs/],
    [["get", "1-2", "-o", "-", "--ci", "h"], /one document only/],
    [["get", "1e3", "--ci", "h"], /expected 1-9999999 or a range/],
    [["get"], /Expected numbers of documents/],
    [["get", "1", "--digest", "x", "--ci", "h"], /expected sha-256: and 64 hexadecimal digits/],
    [["get", "1-2", "--digest", "0".repeat(64), "--ci", "h"], /one document only/],
    [["sync", "--every", "0", "--ci", "h"], /--every/],
    [["sync", "--wacth", "--ci", "h"], /Did you mean[^]*`--watch`/],
    [["verify", "words"], /expected 1-9999999 or a range/],
    [["verify", "--repiar"], /Did you mean[^]*`--repair`/],
    [["search", "--ci", "h"], /Expected words of a title/],
    [["lookup", "0", "--ci", "h"], /N/],
    [["list"], /--ci/],
    [["peers"], /--rs/],
    [["list", "--ci", "h:0"], /expected HOST\[:PORT\]/],
    [["index", "h"], /expected HOST:PORT/],
    [[], /./],
  ] as const
) {
  Deno.test({
    name: `peer ${args.join(" ")} is wrong usage, said in few words`,
    ...withTools,
    async fn() {
      const { code, stdout, stderr } = await runTool("peer", args);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, complaint);
      assert.doesNotMatch(stderr, /^\s+at /m);
    },
  });
}

for (
  const [tool, args] of [
    ["rs", ["--port", "65536"]],
    ["rs", ["--ttl", "0"]],
    ["ci_server", ["--port", "-1"]],
    ["ci_server", ["--port", "1e3"]],
  ] as const
) {
  Deno.test({
    name: `${tool} ${args.join(" ")} is wrong usage`,
    ...withTools,
    async fn() {
      const { code, stderr } = await runTool(tool, args);
      assert.equal(code, 2);
      assert.ok(stderr.includes(args[0]), stderr);
    },
  });
}

Deno.test({
  name: "peer completions offers commands and options",
  ...withTools,
  async fn() {
    const commands = await runTool("peer", ["completions", "bash", "lo"]);
    assert.match(commands.stdout, /^lookup$/m);
    assert.doesNotMatch(commands.stdout, /join/);
    const downloads = await runTool("peer", ["completions", "bash", "ver"]);
    assert.match(downloads.stdout, /^verify$/m);
    for (
      const [command, option] of [["get", "--digest"], ["sync", "--watch"], ["verify", "--repair"]]
    ) {
      const { stdout } = await runTool("peer", ["completions", "bash", command!, "--"]);
      assert.match(stdout, new RegExp(`^${option}$`, "m"));
    }
    const options = await runTool("peer", ["completions", "bash", "join", "--"]);
    for (const option of ["--ci", "--rs", "--dir", "--only", "--name", "--shell"]) {
      assert.match(options.stdout, new RegExp(`^${option}$`, "m"));
    }
  },
});
