/**
 * A folder that goes away with the test.
 * @module
 */
import { join } from "node:path";

/** A new empty folder outside the repository, removed with all it holds when disposed of. */
export class TemporaryFolder implements Disposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "rfc-exchange-" });

  /** Writes a file into the folder and returns its path. */
  write(name: string, data: string | Uint8Array): string {
    const path = join(this.path, name);
    if (typeof data === "string") Deno.writeTextFileSync(path, data);
    else Deno.writeFileSync(path, data);
    return path;
  }

  /** The names in the folder, sorted. */
  names(): string[] {
    return Array.from(Deno.readDirSync(this.path), ({ name }) => name).sort();
  }

  /** The names of what is for people, sorted: without what programs keep for themselves. */
  visibleNames(): string[] {
    return this.names().filter((name) => !name.startsWith("."));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
