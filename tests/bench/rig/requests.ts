/**
 * Requests in the given form, as the load program sends them.
 * @module
 */

/** A title as long as most are. */
const title = "Requirements for IPsec Remote Access Scenarios {n}";

/** Announces a document of a holder of the connection's own. */
export const addRequest =
  `ADD RFC {n} P2P-CI/1.0\r\nHost: peer{c}.example.org\r\nPort: 5678\r\nTitle: ${title}\r\n\r\n`;

/** Asks who has a document. */
export const lookupRequest =
  `LOOKUP RFC {n} P2P-CI/1.0\r\nHost: peer99.example.org\r\nPort: 5678\r\nTitle: ${title}\r\n\r\n`;

/** Asks for a document. */
export const getRequest = "GET RFC {n} P2P-CI/1.0\r\nHost: 127.0.0.1\r\nOS: Linux\r\n\r\n";

/** Registers a peer whose port is the number. */
export const registerRequest =
  "Register P2P-DI/1.0\r\nHost: 127.0.0.1\r\nPort: {n}\r\nOS: Linux\r\n\r\n";

/** Asks for the active peers. */
export const queryRequest = "PQuery P2P-DI/1.0\r\nHost: 127.0.0.1\r\n\r\n";

/** What ends the reply to an ADD or a LOOKUP that found something. */
export const recordsEnd = ["\r\n\r\n", 2] as const;

/** Waits until the index server knows of a document. */
export async function announced(port: number, number: number): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = new TextEncoder().encode(
    `LOOKUP RFC ${number} P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\nTitle: t\r\n\r\n`,
  );
  const reply = new Uint8Array(4_096);
  for (;;) {
    await connection.write(request);
    const count = await connection.read(reply);
    if (count === null) throw new Error("Cannot wait for an announcement: the server hung up");
    if (new TextDecoder().decode(reply.subarray(0, count)).includes(" 200 OK")) return;
    await new Promise((tick) => setTimeout(tick, 5));
  }
}
