/**
 * What a stay with a server tells of itself.
 * @module
 */
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import type { MembershipEvents, System } from "../../lib/roles/membership.ts";

/** Notes down joining and losing, and lets tests wait for the next of it. */
export class MembershipLog implements MembershipEvents {
  readonly events: string[] = [];
  #next = Promise.withResolvers<void>();

  joined(system: System, _server: Endpoint, self: Endpoint): void {
    this.#note(`joined ${system} as ${self.host}:${self.port}`);
  }

  lost(system: System, _server: Endpoint, _reason: Error): void {
    this.#note(`lost ${system}`);
  }

  /** Waits until this many things have happened, and returns them. */
  async until(count: number): Promise<readonly string[]> {
    while (this.events.length < count) await this.#next.promise;
    return this.events;
  }

  #note(event: string): void {
    this.events.push(event);
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}
