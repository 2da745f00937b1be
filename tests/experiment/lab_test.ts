import assert from "node:assert/strict";
import { runLab } from "../../lib/experiment/lab.ts";
import type { Measurement } from "../../lib/experiment/measurement.ts";
import { makeRun } from "../../lib/experiment/run.ts";
import type { LabSettings } from "../../lib/experiment/settings.ts";
import { planTask1 } from "../../lib/experiment/workload.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const settings: LabSettings = {
  systems: ["ci", "di"],
  tasks: ["task1", "task2"],
  orders: ["best", "random"],
  uplink: 4_194_304,
  latencyMs: 0,
  peers: 3,
  rfcs: 6,
  repeat: 2,
  seed: 1,
  dir: undefined,
};

const silent = { measured() {}, ran() {} };

/** An options object that never ends anything by itself. */
function into({ path: folder }: TemporaryFolder) {
  const signal = new AbortController().signal;
  return { folder, os: "Linux", events: silent, signal };
}

Deno.test({
  name: "runLab makes every run of both systems, and leaves nothing behind",
  ...withSocketsAndFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const { runs, messages, stopped } = await runLab(settings, into(temporary));
    assert.equal(stopped, undefined);
    assert.equal(runs.length, 2 * (1 + 2) * 2);
    for (const { task, measurements, isWhole } of runs) {
      assert.equal(isWhole, true);
      assert.equal(measurements.length, task === "task1" ? 2 * 4 : 3 * 4);
      for (const { seconds, cumulative, predicted } of measurements) {
        assert.ok(seconds > 0 && cumulative >= seconds && predicted! > 0);
      }
    }
    for (const request of ["ADD", "LOOKUP", "Register", "PQuery", "GET RFC-Index", "GET RFC"]) {
      assert.match(messages, new RegExp(`\n${request} `));
    }
    assert.deepEqual(temporary.names(), []);
  },
});

Deno.test({
  name: "runLab takes the documents of a folder, with messages that travel and no limit",
  ...withSocketsAndFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    using documents = new TemporaryFolder();
    for (const number of [8600, 8601, 8602]) {
      documents.write(`rfc${number}.txt`, `${number}`.repeat(9));
    }
    const { runs, stopped } = await runLab({
      ...settings,
      orders: ["index"],
      rfcs: 3,
      repeat: 1,
      uplink: undefined,
      latencyMs: 3,
      dir: documents.path,
    }, into(temporary));
    assert.equal(stopped, undefined);
    const measurements = runs.flatMap((run) => run.measurements);
    assert.deepEqual(
      new Set(measurements.map(({ number }) => number)),
      new Set([8600, 8601, 8602]),
    );
    // A request and its reply at least travel for 3 ms each; timers count in whole ms, and lateness is made up for.
    for (const { position, cumulative } of measurements) {
      assert.ok(cumulative >= (6 * position - 2) / 1_000);
    }
    assert.ok(measurements.every(({ predicted }) => predicted === undefined));
    await assert.rejects(
      runLab({ ...settings, dir: documents.path }, into(temporary)),
      /Cannot take 6 documents from .*: it holds 3 of up to 16777216 bytes; say fewer with --rfcs/,
    );
  },
});

Deno.test({
  name: "runLab keeps what was measured when it is interrupted",
  ...withSocketsAndFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const interrupt = new AbortController();
    const measured: Measurement[] = [];
    const { runs, stopped } = await runLab({ ...settings, uplink: 65_536 }, {
      ...into(temporary),
      events: {
        ...silent,
        measured(_run, measurement) {
          measured.push(measurement);
          if (measured.length === 3) interrupt.abort(new Error("enough"));
        },
      },
      signal: interrupt.signal,
    });
    assert.equal((stopped as Error).message, "enough");
    assert.deepEqual(
      new Set(runs.flatMap(({ measurements }) => measurements)),
      new Set(measured),
    );
    assert.ok(runs.every(({ isWhole }) => !isWhole));
    assert.deepEqual(temporary.names(), []);
  },
});

Deno.test({
  name: "makeRun ends with the reason when a download fails",
  ...withSocketsAndFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", "nine characters are these");
    const documents = [{ number: 1, bytes: 26 }, { number: 2, bytes: 26 }, {
      number: 3,
      bytes: 26,
    }];
    const run = makeRun({
      name: { system: "di", task: "task1", order: "index", repeat: 1 },
      workload: planTask1(documents, 3),
      predicted: undefined,
      pathOf: () => path,
      settings,
      folder: temporary.path,
      os: "Linux",
      traceOf: () => undefined,
      measured: () => {},
      signal: new AbortController().signal,
    });
    await assert.rejects(run, /RFC 1 came with 25 bytes instead of 26/);
    assert.deepEqual(temporary.names(), ["rfc1.txt"]);
  },
});
