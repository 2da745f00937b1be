/**
 * Receiving what a holder sends of a document, and checking it against the digest that it sent with it.
 * @module
 */
import { createHash } from "node:crypto";
import type { BytesReply } from "../protocol/document_reply.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import type { HolderSession } from "./holder_session.ts";
import type { Work } from "./work.ts";

/**
 * Receives what was accepted and gives it to its document.
 *
 * @param progress Called when some of it has come.
 * @throws {WorkOverError} if it is not wanted any more.
 * @throws {ConnectionLostError} if it does not come, or too slowly.
 * @throws {ProtocolError} if it does not have its own Content-Digest.
 * @throws {FileError} if it cannot be stored.
 */
export async function receivePart(
  work: Work,
  session: HolderSession,
  { first, length, contentSha256 }: BytesReply,
  progress: () => void,
): Promise<void> {
  const { document } = work;
  const hash = contentSha256 === undefined ? undefined : createHash("sha256");
  let offset = first;
  await session.receiveContent(length, (bytes) => {
    hash?.update(bytes);
    document.write(work, offset, bytes);
    offset += bytes.length;
    progress();
  });
  const actual = hash?.digest("hex");
  if (actual !== contentSha256) {
    document.giveBack(work, true);
    throw new ProtocolError(
      400,
      `a part of RFC ${document.number} has SHA-256 ${actual}, not ${contentSha256} as it said`,
    );
  }
  document.complete(work);
}
