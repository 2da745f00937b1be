/**
 * The cookies that registration servers gave this peer, kept from one run to the next.
 * @module
 */
import { mayRead, mayWrite } from "./access.ts";
import { PartFile } from "./part_file.ts";
import { makeStateFolder, statePath } from "./state_folder.ts";

/** Longest cookie that is kept, in characters: far more than any server's, far less than would hurt. */
const maxCookieChars = 256;

/** Cookies by server, in a file beside the documents. Where that cannot be written they last as long as the program. */
export class CookieJar {
  readonly #documentFolder: string;
  readonly #cookies = new Map<string, string>();

  /** Reads what earlier runs kept in a folder of documents. */
  constructor(documentFolder: string) {
    this.#documentFolder = documentFolder;
    for (const [server, cookie] of readCookies(this.#path)) this.#cookies.set(server, cookie);
  }

  get #path(): string {
    return statePath(this.#documentFolder, "cookies.json");
  }

  /** Whether cookies outlast the program. */
  get isKept(): boolean {
    return mayWrite(this.#path);
  }

  /** The cookie of a server (`host:port`), if there is one. */
  get(server: string): string | undefined {
    return this.#cookies.get(server);
  }

  /** Keeps the cookie of a server. @throws {FileError} if it can be written but the disk does not take it. */
  async set(server: string, cookie: string): Promise<void> {
    if (this.#cookies.get(server) === cookie) return;
    this.#cookies.set(server, cookie);
    if (!this.isKept) return;
    makeStateFolder(this.#documentFolder);
    using file = await PartFile.create(this.#path);
    const text = JSON.stringify(Object.fromEntries(this.#cookies), undefined, 2);
    await file.write(new TextEncoder().encode(`${text}\n`));
    await file.finish();
  }
}

/** What the file holds. One that is missing or damaged holds nothing: a lost cookie costs a new registration. */
function readCookies(path: string): [string, string][] {
  if (!mayRead(path)) return [];
  try {
    const stored: unknown = JSON.parse(Deno.readTextFileSync(path));
    return Object.entries(stored ?? {}).filter((entry): entry is [string, string] =>
      typeof entry[1] === "string" && entry[1].length <= maxCookieChars
    );
  } catch {
    return [];
  }
}
