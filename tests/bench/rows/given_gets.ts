/**
 * GETs in the given form, a connection each, beside nginx with the same documents.
 * @module
 */
import { join } from "node:path";
import { inTurn } from "../rig/figures.ts";
import { writeDocuments } from "../rig/documents.ts";
import type { Load } from "../rig/load.ts";
import { getRequest } from "../rig/requests.ts";
import type { Rig, Row } from "../rig/rig.ts";
import { startNginx, startTool } from "../rig/servers.ts";

const connections = 16;

/** Documents of a peer, one after another by whoever comes. */
export const givenGets: Row = {
  name: "gets",
  work: "GET in the given form, a connection each, 1,000 documents of 63 kB on average",
  async measure(rig) {
    const documents = rig.short ? 50 : 1_000;
    const count = rig.short ? 500 : 15_000;
    await using ours = await startPeer(rig, documents);
    await using theirs = await startNginx(ours.folder, rig.folder);
    const numbers = [1, documents] as const;
    const ask = (load: Pick<Load, "port" | "request">) => async () =>
      (await rig.load.run({ ...load, numbers, count, connections })).perSecond;
    const request = "GET /rfc{n}.txt HTTP/1.0\r\nHost: localhost\r\n\r\n";
    const values = await inTurn(
      rig.rounds,
      ask({ port: ours.port, request: getRequest }),
      theirs && ask({ port: theirs.port, request }),
    );
    const goal = { of: "ratio", atLeast: 0.5 } as const;
    return [{ what: "documents", unit: "/s", ...values, against: "nginx", goal }];
  },
  growth: {
    what: "GETs a second, a connection each",
    of: "documents in the folder",
    sizes: [100, 1_000, 5_000],
    async at(documents, rig) {
      await using peer = await startPeer(rig, documents);
      const load = { port: peer.port, request: getRequest, numbers: [1, documents] as const };
      return (await rig.load.run({ ...load, count: rig.short ? 500 : 10_000, connections }))
        .perSecond;
    },
  },
};

interface ServingPeer extends AsyncDisposable {
  readonly port: number;
  readonly folder: string;
}

/** A peer with so many documents. */
async function startPeer(rig: Rig, documents: number): Promise<ServingPeer> {
  await using stack = new AsyncDisposableStack();
  const folder = join(rig.folder, `documents-${documents}`);
  writeDocuments(folder, documents);
  const rs = stack.use(await startTool("rs"));
  const where = ["--rs", `127.0.0.1:${rs.port}`, "--dir", folder];
  const { port } = stack.use(await startTool("peer", where, folder));
  const all = stack.move();
  return { port, folder, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
