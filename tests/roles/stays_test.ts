import assert from "node:assert/strict";
import { CentralIndex } from "../../lib/index/central_index.ts";
import { lastingMs, maxLasting, Stays } from "../../lib/roles/stays.ts";
import { pure } from "../helpers/permissions.ts";

const holder = { host: "h", port: 5801 };
const record = { number: 6, title: "T", ...holder };

/** Stays under a clock that a test winds. */
class WoundStays {
  readonly index = new CentralIndex();
  now = 0;
  readonly stays = new Stays(this.index, () => this.now);

  /** One connection from an address that announces `record`. */
  announce({ lasting = false, requests = 1, register = false, address = "192.0.2.1" } = {}): void {
    const stay = this.stays.begin(address);
    for (let i = 0; i < requests; i++) stay.countRequest();
    if (register) this.stays.register(stay, holder);
    this.index.add(this.stays.sessionFor(stay, holder, lasting), record);
    assert.equal(this.index.size, 1);
    this.stays.end(stay);
  }
}

Deno.test("Stays lets records go with the connection they came on", pure, () => {
  const wound = new WoundStays();
  wound.announce();
  assert.equal(wound.index.size, 0);
});

Deno.test(
  "Stays keeps records of a program with a connection per request, until the TTL",
  pure,
  () => {
    const wound = new WoundStays();
    wound.announce({ lasting: true });
    wound.now = lastingMs - 1;
    wound.stays.expire();
    assert.equal(wound.index.size, 1);
    wound.now = lastingMs;
    wound.stays.expire();
    assert.equal(wound.index.size, 0);
  },
);

Deno.test("Stays counts the TTL from the last sign of life", pure, () => {
  const wound = new WoundStays();
  wound.announce({ lasting: true });
  wound.now = lastingMs - 1;
  wound.announce({ lasting: true });
  wound.now = 2 * lastingMs - 2;
  wound.stays.expire();
  assert.equal(wound.index.size, 1);
});

Deno.test(
  "Stays keeps what a registered peer announces on other connections, until it leaves",
  pure,
  () => {
    const wound = new WoundStays();
    const registering = wound.stays.begin("192.0.2.1");
    registering.countRequest();
    wound.stays.register(registering, holder);
    wound.stays.end(registering);
    wound.announce();
    assert.equal(wound.index.size, 1);
    wound.stays.leave(wound.stays.begin("192.0.2.1"), { host: "H", port: 5801 });
    assert.equal(wound.index.size, 0);
  },
);

Deno.test("Stays lets go of who registered and went on with the same connection", pure, () => {
  const wound = new WoundStays();
  wound.announce({ register: true, requests: 2 });
  assert.equal(wound.index.size, 0);
});

Deno.test("Stays lets nobody end the stay of another address", pure, () => {
  const wound = new WoundStays();
  wound.announce({ lasting: true });
  wound.stays.leave(wound.stays.begin("192.0.2.2"), holder);
  assert.equal(wound.index.size, 1);
});

Deno.test("Stays lets the records of a connection go as soon as its peer leaves", pure, () => {
  const { index, stays } = new WoundStays();
  const stay = stays.begin("192.0.2.1");
  index.add(stays.sessionFor(stay, holder, false), record);
  stays.leave(stay, undefined);
  assert.equal(index.size, 0);
});

Deno.test("Stays keeps so many peers without a connection, and not one more", pure, () => {
  const { index, stays } = new WoundStays();
  const announce = (port: number) => {
    const stay = stays.begin("192.0.2.1");
    index.add(stays.sessionFor(stay, { host: "h", port }, true), { ...record, port });
    stays.end(stay);
  };
  for (let port = 1; port <= maxLasting; port++) announce(port);
  assert.equal(index.size, maxLasting);
  announce(maxLasting + 1);
  assert.equal(index.size, maxLasting);
  assert.equal(index.lookup(6).some(({ port }) => port === 1), false);
});
