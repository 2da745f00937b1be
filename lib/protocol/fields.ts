/**
 * The fields of a head, `Name: value` (RFC 60001 section 3.4).
 * @module
 */
import { parseHost } from "./endpoint.ts";
import { maxFields } from "./limits.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";

/** A field to be sent: name and value. */
export type Field = readonly [name: string, value: string];

/** The fields of a received head. Names are looked up in any case; unknown ones do no harm. */
export abstract class Fields {
  /** Whether they are none but the handout's, which ask for no extension. */
  abstract readonly areHandouts: boolean;

  /** The value of a field, or undefined; `name` in lower case. */
  abstract get(name: Lowercase<string>): string | undefined;

  /**
   * The value of a field that must be there and not be empty; `name` in lower case.
   *
   * @throws {ProtocolError} 400 if it is not.
   */
  require(name: Lowercase<string>): string {
    const value = this.get(name);
    if (value === undefined || value === "") {
      throw new ProtocolError(400, `Cannot serve request: field ${name} is missing`);
    }
    return value;
  }

  /**
   * Checks that there is a field `Host`, and that it is one.
   *
   * @throws {ProtocolError} 400 if it is not.
   */
  expectHost(): void {
    parseHost(this.require("host"));
  }
}

/** Fields that are kept by their names. */
export class FieldTable extends Fields {
  /** They may be any. */
  readonly areHandouts = false;
  readonly #values = new Map<string, string>();

  /**
   * Adds the field that a line holds.
   *
   * @throws {ProtocolError} 400 if the line is not a field, contradicts one before it, or is one too many.
   */
  addLine(line: string): void {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0));
    if (!/^[!-~]+$/.test(name)) {
      throw new ProtocolError(
        400,
        `Cannot parse field: expected "Name: value", got ${quoted(line)}`,
      );
    }
    this.add(name, line.slice(colon + 1).trim());
  }

  /**
   * Adds a field whose name and value are known to be such.
   *
   * @throws {ProtocolError} 400 if it contradicts one before it, or is one too many.
   */
  add(name: string, value: string): void {
    const key = name.toLowerCase();
    const earlier = this.#values.get(key);
    if (earlier !== undefined && earlier !== value) {
      throw new ProtocolError(400, `Cannot read field ${name}: given twice, with different values`);
    }
    if (this.#values.size >= maxFields) {
      throw new ProtocolError(400, `Cannot read head: more than ${maxFields} fields`);
    }
    this.#values.set(key, value);
  }

  /** Sets a field, whatever it was before. */
  set(name: string, value: string): void {
    if (this.#values.size < maxFields) this.#values.set(name.toLowerCase(), value);
  }

  /** The value of a field, or undefined; `name` in lower case. */
  override get(name: Lowercase<string>): string | undefined {
    return this.#values.get(name);
  }
}
