/**
 * Who announces documents: sessions, and the holders that they announce for.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";
import { SerialTable } from "./serial_table.ts";

/** A peer's stay with the server: the records that it added and that go when it goes. */
export class Session {
  /** Nearly always one. */
  #holders: Holder[] = [];

  /** Without records at first; `address` is where the peer is connected from. */
  constructor(readonly address: string) {}

  /** For whom it announces documents, in no order. */
  get holders(): readonly Holder[] {
    return this.#holders;
  }

  /** Takes in a holder. */
  add(holder: Holder): void {
    holder.place = this.#holders.length;
    // A list that begins with what is in it takes no room for more; most stay so.
    if (holder.place === 0) this.#holders = [holder];
    else this.#holders.push(holder);
  }

  /** Lets go of a holder. */
  delete({ place }: Holder): void {
    const last = this.#holders.pop()!;
    if (last.place === place) return;
    this.#holders[place] = last;
    last.place = place;
  }
}

/** One host and port that one session announces documents for. */
export class Holder implements Endpoint {
  /** By document number: the serial of the record. */
  readonly serials = new SerialTable();
  /** Where it is among its session's. */
  place = 0;

  /** Without records at first. */
  constructor(
    readonly session: Session,
    readonly host: string,
    readonly port: number,
    /** All that claim the same host and port, this one among them. */
    readonly claims: Holder[],
  ) {}

  /** Whether another that claims the same announced a document later than with this serial, and not after `asOf`. */
  isOutdated(number: number, serial: number, asOf: number): boolean {
    if (this.claims.length < 2) return false;
    return this.claims.some(({ serials }) => {
      const other = serials.get(number) ?? 0;
      return serial < other && other <= asOf;
    });
  }
}
