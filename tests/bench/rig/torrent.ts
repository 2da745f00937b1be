/**
 * What a swarm of BitTorrent needs: the torrent of a folder, and programs that share it.
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Running } from "./programs.ts";

/** How long a piece is, in bytes: short, so that a small collection has many. */
const pieceBytes = 32_768;

/** What others come to know of a collection. */
export interface Torrent {
  /** Where it lies. */
  readonly path: string;
  /** SHA-1 of its description, in hexadecimal: what a tracker knows it by. */
  readonly hash: string;
}

/** Describes the files of a folder. */
export function writeTorrent(path: string, folder: string, tracker: number): Torrent {
  const names = Array.from(Deno.readDirSync(folder)).filter(({ isFile }) => isFile)
    .map(({ name }) => name).sort();
  const contents = names.map((name) => Deno.readFileSync(join(folder, name)));
  const all = new Uint8Array(contents.reduce((sum, { length }) => sum + length, 0));
  let length = 0;
  for (const content of contents) {
    all.set(content, length);
    length += content.length;
  }
  const files = names.map((name, i) => `d6:lengthi${contents[i]!.length}e4:pathl${text(name)}ee`);
  const pieces = Array.from(
    { length: Math.ceil(length / pieceBytes) },
    (_, i) => sha1(all.subarray(i * pieceBytes, (i + 1) * pieceBytes)),
  );
  const information = joined(
    `d5:filesl${files.join("")}e4:name9:documents12:piece lengthi${pieceBytes}e`,
    `6:pieces${pieces.length * 20}:`,
    ...pieces,
    "e",
  );
  const announce = `d8:announce${text(`http://127.0.0.1:${tracker}/announce`)}4:info`;
  Deno.writeFileSync(path, joined(announce, information, "e"));
  return { path, hash: createHash("sha1").update(information).digest("hex") };
}

/** The SHA-1 that a torrent will have, wherever its tracker is. */
export function torrentHash(folder: string, scratch: string): string {
  return writeTorrent(scratch, folder, 1).hash;
}

/**
 * Starts aria2, which gets what is not in its folder and gives what is. When all is there, a file appears in the folder
 * whose name is the number of files: `touch` is given that among others.
 */
export function startAria2(
  aria2: string,
  torrent: Torrent,
  folder: string,
  port: number,
  kibPerSecond: number,
): Running {
  const options = {
    dir: folder,
    "listen-port": port,
    "max-overall-upload-limit": `${kibPerSecond}K`,
    "seed-ratio": "0.0",
    "check-integrity": true,
    "file-allocation": "none",
    "enable-dht": false,
    "bt-tracker-interval": 1,
    "on-bt-download-complete": "/usr/bin/touch",
    quiet: true,
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  return new Running("anywhere", [aria2, ...args, torrent.path], { cwd: folder });
}

function text(value: string): string {
  return `${value.length}:${value}`;
}

function sha1(bytes: Uint8Array): Uint8Array {
  return createHash("sha1").update(bytes).digest();
}

function joined(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const encoder = new TextEncoder();
  return new Uint8Array(
    parts.flatMap((part) => [...(typeof part === "string" ? encoder.encode(part) : part)]),
  );
}
