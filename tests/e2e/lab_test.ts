/**
 * `peer lab`: from the command to the files and the report in a browser.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseTimes } from "../../lib/experiment/times_csv.ts";
import { findBrowser, openPage } from "../helpers/browser.ts";
import { folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { runTool, ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer } from "../helpers/tools.ts";

/** What `summary.json` says, as far as it is looked at here. */
interface Summary {
  readonly stopped: string | null;
  readonly bounds: { readonly clientServer: number; readonly peerToPeer: number } | null;
  readonly results: readonly {
    readonly task: string;
    readonly order: string;
    readonly peer: number | "last";
    readonly repeats: number;
    readonly measured: number;
    readonly predicted: number | null;
    readonly ratio: number | null;
  }[];
}

function read(folder: string, name: string): string {
  return Deno.readTextFileSync(join(folder, name));
}

function readSummary(folder: string): Summary {
  return JSON.parse(read(folder, "summary.json"));
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-5;
}

const browser = findBrowser();

Deno.test({
  name: "peer lab all --quick measures, and writes down what it measured",
  ...withTools,
  async fn(t) {
    using temporary = new TemporaryFolder();
    const out = join(temporary.path, "lab");
    const options = { permissions: writingTo(temporary.path) };
    const { code, stdout, stderr } = await runTool(
      "peer",
      ["lab", "all", "--quick", "--out", out],
      options,
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Task 2, best order \(P2P-CI\): \d.* in 2 runs, model \d.*, ratio \d/m);
    const summary = readSummary(out);

    await t.step("the summary is that of the times", () => {
      assert.equal(summary.stopped, null);
      assert.equal(summary.results.length, (5 + 1) + 4 * (6 + 1));
      const rows = ["ci-task1.csv", "ci-task2.csv"].flatMap((name) => parseTimes(read(out, name)));
      for (const { task, order, peer, repeats, measured, predicted, ratio } of summary.results) {
        const own = rows.filter((row) => row.task === task && row.order === order);
        const ends = [1, 2].map((repeat) =>
          own.filter((row) =>
            row.repeat === repeat && (peer === "last" || row.peer === String(peer))
          )
            .map(({ cumulative }) => cumulative)
            .reduce((latest, each) => Math.max(latest, each))
        );
        assert.equal(repeats, 2);
        assert.ok(isClose(measured, (ends[0]! + ends[1]!) / 2), `${task} ${order} ${peer}`);
        assert.ok(isClose(ratio!, measured / predicted!));
      }
      for (const { peer, position, seconds, cumulative } of rows) {
        assert.ok(Number(peer) < 6 && position <= 20 && seconds <= cumulative);
      }
    });

    await t.step("nobody is faster than the bounds let them", () => {
      for (const { task, peer, measured } of summary.results) {
        if (peer !== "last") continue;
        const { clientServer, peerToPeer } = summary.bounds!;
        assert.ok(measured > (task === "task1" ? clientServer : peerToPeer) * 0.98);
      }
    });

    await t.step("the messages are the exact ones", () => {
      const messages = read(out, "messages.txt");
      assert.match(
        messages,
        /\r\nADD RFC \d+ P2P-CI\/1\.0\r\nHost: 127\.0\.0\.1\r\nPort: \d+\r\nTitle: /,
      );
      assert.match(messages, /\r\nGET RFC \d+ P2P-CI\/1\.0\r\nHost: 127\.0\.0\.1\r\nOS: /);
    });

    await t.step("times can be drawn again", async () => {
      const drawn = join(temporary.path, "drawn");
      const files = ["ci-task1.csv", "ci-task2.csv"].map((name) => join(out, name));
      const result = await runTool("peer", ["lab", "plot", ...files, "--out", drawn], options);
      assert.equal(result.code, 0, result.stderr);
      for (const name of ["ci-task1", "ci-task2-best", "ci-task2-worst"]) {
        assert.match(read(drawn, `${name}.svg`), /^<svg [^]*>documents downloaded<[^]*<\/svg>\n$/);
      }
    });

    await t.step({
      name: browser === undefined
        ? "the report in a browser: skipped, this machine has no chromium"
        : "the report opens in a browser, asks for nothing, and shows everything",
      ignore: browser === undefined,
      async fn() {
        const page = await openPage(browser!, join(out, "report.html"), "lab_report");
        assert.deepEqual(page.complaints, []);
        assert.deepEqual(page.requests, []);
        assert.deepEqual(page.plots.map(({ name, lines }) => [name, lines]), [
          ["When the last peer had everything", 0],
          ["Task 1 (P2P-CI)", 5],
          ["Task 2, best order (P2P-CI)", 6],
          ["Task 2, index order (P2P-CI)", 6],
          ["Task 2, random order (P2P-CI)", 6],
          ["Task 2, worst order (P2P-CI)", 6],
        ]);
        for (const { name, texts, misplaced } of page.plots) {
          assert.deepEqual(misplaced, [], name);
          assert.ok(texts.includes("time since the start (s)"), name);
        }
        for (const { name, texts } of page.plots.slice(1)) {
          assert.ok(texts.includes("documents downloaded"), name);
          const labels = texts.filter((text) => /^peers? \d/.test(text)).join(", ");
          assert.match(labels, /peer/, name);
        }
        assert.match(page.text, /D_cs = max\{NF\/u_s, F\/d_min\}/);
        assert.notEqual(page.colours[0], page.colours[1]);
      },
    });
  },
});

Deno.test({
  name: "peer lab --uplink none says that the loopback was measured",
  ...withTools,
  async fn() {
    using temporary = new TemporaryFolder();
    const args = ["task2", "--uplink", "none", "--peers", "3", "--rfcs", "6", "--order", "best"];
    const { code, stdout, stderr } = await runTool(
      "peer",
      ["lab", ...args, "--system", "di", "--repeat", "1", "--out", temporary.path],
      { permissions: writingTo(temporary.path) },
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Task 2, best order \(P2P-DI\): [\d.]+ s in 1 run$/m);
    const report = read(temporary.path, "report.html");
    assert.match(report, /the loopback of one machine was measured, not the systems/);
    const { bounds, results } = readSummary(temporary.path);
    assert.equal(bounds, null);
    assert.ok(results.every(({ predicted, ratio }) => predicted === null && ratio === null));
  },
});

Deno.test({
  name: "peer lab keeps what was measured when it is interrupted",
  ...withTools,
  ignore: withTools.ignore || Deno.build.os === "windows",
  async fn() {
    using temporary = new TemporaryFolder();
    const args = ["lab", "task1", "--uplink", "512KiB/s", "--trace", "--out", temporary.path];
    await using lab = new ToolProcess("peer", args, { permissions: writingTo(temporary.path) });
    // The second document is asked for when the first one is there.
    await lab.stderr.line(/^GET RFC 2 /);
    const { code, stderr } = await lab.stop("SIGINT");
    assert.equal(code, 1);
    assert.match(stderr, /^Not everything was measured: it was interrupted$/m);
    assert.equal(readSummary(temporary.path).stopped, "it was interrupted");
    const rows = parseTimes(read(temporary.path, "ci-task1.csv"));
    assert.ok(rows.length > 0 && rows.every(({ task }) => task === "task1"));
    assert.deepEqual(temporary.names().filter((name) => name.startsWith(".")), []);
  },
});

Deno.test({
  name: "peer get --times records downloads on a real machine, for peer lab plot",
  ...withTools,
  async fn() {
    using folder = folderWith(8600, 8601, 8602);
    using temporary = new TemporaryFolder();
    await using server = await startCiServer();
    await using holder = await startPeer(folder.path, ["--ci", server.address]);
    const times = join(temporary.path, "lab-01.csv");
    const options = { permissions: writingTo(temporary.path) };
    const common = ["--ci", server.address, "--dir", temporary.path];
    const got = await runTool("peer", ["get", "8600-8602", ...common, "--times", times], options);
    assert.equal(got.code, 0, got.stderr);
    const rows = parseTimes(Deno.readTextFileSync(times));
    assert.deepEqual(
      rows.map((
        { peer, position, number, holder, bytes },
      ) => [peer, position, number, holder, bytes]),
      [8600, 8601, 8602].map((number, i) => [
        "lab-01",
        i + 1,
        number,
        holder.address,
        Deno.statSync(join(folder.path, `rfc${number}.txt`)).size,
      ]),
    );
    const drawn = await runTool("peer", ["lab", "plot", times, "--out", temporary.path], options);
    assert.equal(drawn.code, 0, drawn.stderr);
    assert.match(read(temporary.path, "times.svg"), />lab-01</);
  },
});

Deno.test({
  name: "peer lab says what it cannot do, before it begins",
  ...withTools,
  async fn() {
    using temporary = new TemporaryFolder();
    const wrong = join(temporary.path, "wrong.csv");
    temporary.write("wrong.csv", "a,b\n1,2\n");
    for (
      const [args, permissions, code, message] of [
        [["task1"], undefined, 1, /permission is missing, add --allow-write/],
        [
          ["task1", "--peers", "9", "--rfcs", "5"],
          writingTo(temporary.path),
          2,
          /at least 9, got 5/,
        ],
        [
          ["task1", "--dir", temporary.path],
          writingTo(temporary.path),
          1,
          /Cannot take 60 documents/,
        ],
        [
          ["plot", wrong],
          writingTo(temporary.path),
          1,
          /wrong\.csv: Cannot read times: expected the columns/,
        ],
      ] as const
    ) {
      const result = await runTool(
        "peer",
        ["lab", ...args, "--out", join(temporary.path, "out")],
        permissions === undefined ? {} : { permissions },
      );
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, message);
    }
  },
});
