/**
 * The answer to a GET of a document: the given form, and what HTTP's fields ask for (RFC 60001 section 5.3,
 * RFC 60003 section 4).
 * @module
 */
import { createHash } from "node:crypto";
import type { Digests } from "../files/digests.ts";
import type { OpenDocument } from "../files/open_document.ts";
import { type ByteRange, findByteRange, formatContentRange } from "../protocol/byte_range.ts";
import { formatDigestField } from "../protocol/digest.ts";
import type { Extensions } from "../protocol/extensions.ts";
import type { Field } from "../protocol/fields.ts";
import { formatHttpDate } from "../protocol/http_date.ts";
import type { Protocol } from "../protocol/version.ts";
import { type Answer, answerHead, connectionField, refuseForNow } from "./answer.ts";
import { type HeldPart, type HeldParts, SentDocument } from "./sent_document.ts";
import type { UploadSlot } from "./upload_slots.ts";

/** A document that was asked for. */
export interface DocumentRequest {
  /** Closed with the answer. */
  readonly document: OpenDocument;
  /** What it was asked for in. */
  readonly protocol: Protocol;
  /** What was asked for besides. */
  readonly extensions: Extensions;
  /** What the `OS` field says. */
  readonly os: string;
  /** In ms since 1970. */
  readonly now: number;
  /** The digests of whole documents. */
  readonly digests: Digests;
  /** Where parts wait between being hashed and being sent. */
  readonly heldParts: HeldParts;
  /** Takes a slot for the upload; undefined if none is free. */
  readonly takeSlot: () => UploadSlot | undefined;
  /** When to come again if there was none, in seconds. */
  readonly retryAfterSeconds: () => number;
  /** Called when all was sent. */
  readonly sent: () => void;
}

/** The answer to a GET of a document that is there. */
export async function answerDocument(request: DocumentRequest): Promise<Answer> {
  const { document, protocol, extensions, os, now } = request;
  const { keepAlive } = extensions;
  const etag = entityTag(document);
  const connection = connectionField(extensions);
  const dateAndOs: Field[] = [["Date", formatHttpDate(now)], ["OS", os]];

  if (extensions.ifNoneMatch !== undefined && matchesTag(extensions.ifNoneMatch, etag)) {
    document[Symbol.dispose]();
    return answerHead(protocol, 304, [...dateAndOs, ["ETag", etag], ...connection], keepAlive);
  }
  const part = wantedPart(extensions, etag, document.size);
  if (part === "unsatisfiable") {
    document[Symbol.dispose]();
    const contentRange = formatContentRange(undefined, document.size);
    const fields: Field[] = [["Content-Range", contentRange], ["Content-Length", "0"]];
    return answerHead(protocol, 416, [...fields, ...connection], keepAlive);
  }

  using uploading = new DisposableStack();
  const slot = request.takeSlot();
  if (slot === undefined) {
    document[Symbol.dispose]();
    return refuseForNow(protocol, request.retryAfterSeconds(), extensions);
  }
  uploading.use(slot);
  const range = part ?? document.whole;
  const held = holdPart(request, range);
  if (held !== undefined) uploading.use(held);
  const length = range === undefined ? 0 : range.last - range.first + 1;
  const fields: Field[] = [
    ...dateAndOs,
    ["Last-Modified", formatHttpDate(document.modifiedAt)],
    ["Content-Length", String(length)],
    ["Content-Type", "text/plain"],
  ];
  if (part !== undefined) fields.push(["Content-Range", formatContentRange(part, document.size)]);
  if (extensions.asked) fields.push(["Accept-Ranges", "bytes"], ["ETag", etag]);
  fields.push(...await digestFields(request, range, held), ...connection);
  const { sent } = request;
  return {
    message: { protocol, status: part === undefined ? 200 : 206, fields, documentBytes: length },
    document: new SentDocument({ document, range, held, sent, uploading: uploading.move() }),
    keepOpen: keepAlive,
  };
}

/** The part that `Range` asks for, if `If-Range` lets it. */
function wantedPart(
  { range, ifRange }: Extensions,
  etag: string,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const stillHolds = ifRange === undefined || ifRange === etag;
  return range !== undefined && stillHolds ? findByteRange(range, size) : undefined;
}

/** A part whose digest is wanted is read once for that and for sending it; that of the whole is known, or will be. */
function holdPart(
  { document, extensions, heldParts }: DocumentRequest,
  range: ByteRange | undefined,
): HeldPart | undefined {
  if (!extensions.contentDigest || range === undefined || isWhole(document, range)) {
    return undefined;
  }
  return heldParts.hold(document, range);
}

function isWhole({ size }: OpenDocument, range: ByteRange | undefined): boolean {
  return range === undefined || range.last - range.first + 1 === size;
}

async function digestFields(
  { document, digests, extensions: { contentDigest, reprDigest } }: DocumentRequest,
  range: ByteRange | undefined,
  held: HeldPart | undefined,
): Promise<Field[]> {
  const fields: Field[] = [];
  if (contentDigest) {
    const sha256 = held !== undefined
      ? createHash("sha256").update(held.bytes).digest("hex")
      : isWhole(document, range)
      ? await digests.sha256(document)
      : await document.sha256(range);
    fields.push(["Content-Digest", formatDigestField(sha256)]);
  }
  if (reprDigest) {
    fields.push(["Repr-Digest", formatDigestField(await digests.sha256(document))]);
  }
  return fields;
}

/** The tag of a document's present state: opaque to others (RFC 60003 section 4.1). */
function entityTag({ size, modifiedAt }: OpenDocument): string {
  return `"${size.toString(16)}-${Math.round(modifiedAt).toString(16)}"`;
}

/** Whether a list of tags, or `*`, names a tag (RFC 9110 section 13.1.2). */
function matchesTag(list: string, etag: string): boolean {
  return list.split(",").some((item) => ["*", etag, `W/${etag}`].includes(item.trim()));
}
