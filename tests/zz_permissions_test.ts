/**
 * The last file of a run, so that a run that skipped tests says in its last line how to get the rest.
 */
import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { lacks } from "./helpers/permissions.ts";

const task = "test";
const name = lacks("net", "read", "write", "run")
  ? `Tests that need permissions were skipped; to run all: deno task ${task}`
  : "No test was skipped for want of a permission";

Deno.test(name, { permissions: "none" }, () => {
  assert.ok(task in config.tasks, "the task that is recommended exists");
});
