import assert from "node:assert/strict";
import fc from "fast-check";
import { findTitle, maxTitleChars, maxTitleScanBytes } from "../../lib/files/title.ts";

/** A line that only looks blank. */
const blankLine = " ".repeat(60);

/** The beginnings of RFCs, cut down to what tells one format from the next. */
const formats = [
  {
    name: "a memo of 1969 that labels its title",
    title: "Host software",
    text: `
Network Working Group                                   Steve Crocker
Request for Comments: 1                                          UCLA
                                                         7 April 1969


                         Title:   Host Software
                        Author:   Steve Crocker
                          Installation:   UCLA
                          Date:   7 April 1969
             Network Working Group Request for Comment:   1


CONTENTS
`,
  },
  {
    name: "an office memo with a subject",
    title: "Minutes of the Graphics Meeting",
    text: `
Request for Comments: 9999

TO:       Network Working Group
FROM:     J. Author
SUBJECT:  Minutes of the Graphics Meeting

There were ten of us.
`,
  },
  {
    name: "a note of 1969, numbered RFC-3",
    title: "Documentation conventions",
    text: `
Network Working Group                                                 4689
RFC-3                                                           April 1969
                                                             Steve Crocker
                                                                      UCLA


                        DOCUMENTATION CONVENTIONS



The Network Working Group seems to consist of Steve Carr of Utah, Jeff
Rulifson and Bill Duvall at SRI.
`,
  },
  {
    name: "a title of 1972 with the first heading right below",
    title: "File Transfer Protocol",
    text: `
Network Working Group                                      Abhay Bhushan
Request for Comments: 354                                        MIT-MAC
NIC 10596                                                   July 8, 1972

                       THE FILE TRANSFER PROTOCOL
I. INTRODUCTION

The File Transfer Protocol (FTP) is a protocol for file transfer.
`,
  },
  {
    name: "a journal entry of 1977 with a paragraph of fields after its header",
    title: "Revised TELNET byte macro option",
    text: `
RFC 735                                          DHC RHG  3 Nov 77 42083
Telnet Byte Macro Option



Network Working Group                                   David H. Crocker
RFC: #735                                                       Rand-ISD
                                              Carnegie-Mellon University

Obsoletes: RFC #729 (NIC #40306)                         3 November 1977

                    Revised TELNET Byte Macro Option

1. Command name and code:
`,
  },
  {
    name: "an underlined title of 1980",
    title: "User Datagram Protocol",
    text: `
RFC 768                                                        J. Postel
                                                                     ISI
                                                          28 August 1980



                         User Datagram Protocol
                         ----------------------

Introduction
------------
`,
  },
  {
    name: "a crowded header of 1981, without a blank line before the title",
    title: "Pre-emption",
    text: `
Network Working Group                                            V. Cerf
Request for Comments:  794                                          ARPA
Replaces: IEN 125                                         September 1981
                              PRE-EMPTION

In circuit-switching systems, once a user has acquired a circuit, the
communication bandwidth of that circuit is dedicated.
`,
  },
  {
    name: "a title page of 1981 with the number above the title",
    title: "Internet Protocol",
    text: `
RFC:  791
${blankLine}
                           INTERNET PROTOCOL
${blankLine}
${blankLine}
                         DARPA INTERNET PROGRAM
${blankLine}
                             September 1981
`,
  },
  {
    name: "a title page of 1982 with the authors under the title",
    title: "Name, addresses, ports, and routes",
    text: `
RFC:  814



                   NAME, ADDRESSES, PORTS, AND ROUTES

                             David D. Clark
                  MIT Laboratory for Computer Science
                               July, 1982
`,
  },
  {
    name: "a title page of 1984 with the number below the title",
    title: "Reliable Data Protocol",
    text: `


                          Reliable Data Protocol



                                  RFC-908



                               David Velten
`,
  },
  {
    name: "a title of 1993 with its author below",
    title: "The Process for Organization of Internet Standards Working Group (POISED)",
    text: `
Network Working Group                                         S. Crocker
Request for Comments: 1396             Trusted Information Systems, Inc.
                                                            January 1993


           The Process for Organization of Internet Standards
                         Working Group (POISED)
                          Steve Crocker, Chair

Status of this Memo
`,
  },
  {
    name: "a title of 1994, spaced out over several paragraphs",
    title: "Identifiers in WWW A Syntax for the Names of Objects on the Network",
    text: `
Network Working Group                                     T. Berners-Lee
Request for Comments: 1630                                          CERN
Category: Informational                                        June 1994


                         Identifiers in WWW

                     A Syntax for the Names of
                       Objects on the Network

Status of this Memo
`,
  },
  {
    name: "a header of 1998, laid out with tabs",
    title: "OSPF Standardization Report",
    text: `
Network\tWorking\tGroup\t\t\t\t\t\t  J. Moy
Request\tfor Comments: 2329\t\t     Ascend Communications, Inc.
Category: Informational\t\t\t\t\t      April 1998


\t\t      OSPF Standardization Report



Status of this Memo
`,
  },
  {
    name: "a line of 1998 that starts with a dash set without spaces",
    title: "Toward the PSTN/Internet Inter-Networking--Pre-PINT Implementations",
    text: `
Network Working Group                                              H. Lu
Request for Comments: 2458                                   M. Krishna
Category: Informational                                    November 1998


             Toward the PSTN/Internet Inter-Networking
                     --Pre-PINT Implementations

Status of this Memo
`,
  },
  {
    name: "authors of 2008, parted by a page break",
    title: "Web Distributed Authoring and Versioning (WebDAV) SEARCH",
    text: `
Author                      Standards Track                     [Page 1]
\f
Network Working Group                                    J. Reschke, Ed.
Request for Comments: 5323                                    greenbytes
Category: Standards Track                                       S. Reddy
                                                                J. Davis
\f
                                                               A. Babich
                                       A Laboratory with Quite Long Name
                                                           November 2008


        Web Distributed Authoring and Versioning (WebDAV) SEARCH

Status of This Memo
`,
  },
  {
    name: "a title of 2011 that starts like a header line",
    title: "RFC 4148 and the IPPM Registry of Metrics Are Obsolete",
    text: `
Internet Engineering Task Force (IETF)                         A. Morton
Request for Comments: 6248                                     AT&T Labs
Obsoletes: 4148                                               April 2011
ISSN: 2070-1721


         RFC 4148 and the IPPM Registry of Metrics Are Obsolete

Abstract
`,
  },
  {
    name: "a title of 2007 that starts like a heading, with the first heading right below",
    title: "Abstract Syntax Notation X (ASN.X) -- Encodings",
    text: `
Network Working Group                                           S. Legg
Request for Comments: 4912                                      eB2Bcom
Category: Experimental                                        July 2007


                  Abstract Syntax Notation X (ASN.X) --
                              Encodings.
Status of This Memo
`,
  },
  {
    name: "the format of today, with a byte order mark and a word broken at its hyphen",
    title: "Reaction of Address Autoconfiguration (SLAAC) to Flash-Renumbering Events",
    text: `\uFEFF



Internet Engineering Task Force (IETF)                           F. Gont
Request for Comments: 8978                                  SI6 Networks
Category: Informational                                          J. Žorž
ISSN: 2070-1721                                                 6connect
                                                            R. Patterson
${blankLine}
                                                              March 2021


           Reaction of Address Autoconfiguration (SLAAC) to Flash-
                           Renumbering Events

Abstract
`,
  },
];

for (const { name, title, text } of formats) {
  Deno.test(`findTitle understands ${name}`, { permissions: "none" }, () => {
    assert.equal(findTitle(text), title);
    assert.equal(findTitle(text.replaceAll("\n", "\r\n")), title, "with CRLF line ends");
  });
}

const header = `Network Working Group                                          J. Author
Request for Comments: 9999                                      May 2021

`;

Deno.test("findTitle gives undefined where nothing looks like a title", {
  permissions: "none",
}, () => {
  const untitled = [
    "",
    "\uFEFF\r\n\f\n",
    "Just some text.\n\nAnd some more of it.\n",
    "                   A Centred Line\n\nA text that is no RFC.\n",
    "Date: today\n\nA letter that is no RFC.\n",
    header,
    `${header}Abstract\n\n   There is no title above this.\n`,
    `${header}                     ---------\n\n`,
  ];
  for (const text of untitled) assert.equal(findTitle(text), undefined, JSON.stringify(text));
});

Deno.test("findTitle removes control and formatting characters", { permissions: "none" }, () => {
  const text = `${header}           A \x1b[31mRed\x07\u202E Title\u0000 \u200B\n`;
  assert.equal(findTitle(text), "A [31mRed Title");
});

Deno.test("findTitle takes the number of the document itself, not one that its text mentions", {
  permissions: "none",
}, () => {
  const title = "THE TITLE OF A DOCUMENT";
  const text = (number: string) =>
    `RFC ${number}                          J. Author\n\n${title}\n\nThis replaces\nRFC 1\n`;
  assert.equal(findTitle(text("9999")), title);
  assert.equal(findTitle(text("2000")), "The Title of a Document");
  assert.equal(findTitle(text("1000")), "Title of a document");
  assert.equal(findTitle(`Network Working Group\n\n${title}\n\nSee\n\nRFC 1\n`), title);
});

Deno.test("findTitle takes a title of maxTitleChars and none past it", {
  permissions: "none",
}, () => {
  const longest = "x".repeat(maxTitleChars);
  assert.equal(findTitle(`${header}${longest}\n`), longest);
  assert.equal(findTitle(`${header}${longest}x\n`), undefined);
});

Deno.test("findTitle looks no further than maxTitleScanBytes", { permissions: "none" }, () => {
  const title = "The Title";
  const room = maxTitleScanBytes - header.length - title.length;
  assert.equal(findTitle(header + "\n".repeat(room) + title), title);
  assert.equal(findTitle(header + "\n".repeat(room + title.length) + title), undefined);
});

/** Text that comes nearer to an RFC than random characters do. */
const rfcLikeText = fc.array(
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\n", "\r\n", "\n\n", "\f", "\t", " ".repeat(30), "Title:", "Abstract"),
    fc.constantFrom(
      header,
      "RFC 1",
      "\nRFC 2000\n\n",
      "A TITLE OF (ATO)",
      "--",
      "May 2021",
      "[Page 1]",
      "Title.\n",
      "-\n",
      "\x1b",
    ),
  ),
  { maxLength: 40 },
).map((parts) => parts.join(""));

Deno.test("findTitle gives one clean short line, or nothing, for any string", {
  permissions: "none",
}, () => {
  const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 2000 }), rfcLikeText);
  fc.assert(fc.property(anyText, (text) => {
    const title = findTitle(text);
    if (title === undefined) return;
    assert.match(title, /[\p{L}\p{N}]/u);
    assert.doesNotMatch(title, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\s\s|^\s|\s$/u);
    assert.ok(title.length <= maxTitleChars, `${title.length} characters`);
  }));
});

Deno.test("findTitle finds any title that is wrapped and centred below a header", {
  permissions: "none",
}, () => {
  const word = fc.stringMatching(/^[A-Z][a-z]{2,12}[0-9]$/);
  const titleLine = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
  const titleLines = fc.array(titleLine, { minLength: 1, maxLength: 5 });
  const lineEnd = fc.constantFrom("\n", "\r\n", "\n\n");
  fc.assert(fc.property(titleLines, lineEnd, (lines, end) => {
    const centred = lines.map((line) => " ".repeat((72 - line.length) / 2) + line).join(end);
    assert.equal(findTitle(`${header}${centred}\n\nAbstract\n`), lines.join(" "));
  }));
});

// --- Real RFCs, where the environment has put some --------------------------------------------

const corpus = new URL("../../dist/rfcs/", import.meta.url);

interface Wrong {
  readonly file: string;
  readonly found: string | undefined;
  readonly recorded: string;
}

/** The names of the RFCs in the corpus; none where there is no corpus, or no leave to read it. */
function listCorpus(): string[] {
  if (Deno.permissions.querySync({ name: "read", path: corpus }).state !== "granted") return [];
  try {
    const names = [...Deno.readDirSync(corpus)].map(({ name }) => name);
    return names.filter((name) => /^rfc\d+\.txt$/.test(name)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The title in the RFC Editor's record. */
function readRecordedTitle(file: string): string {
  const record = new URL(`meta/${file.replace(".txt", ".json")}`, corpus);
  const { title } = JSON.parse(Deno.readTextFileSync(record));
  return title.replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();
}

function findWrongTitles(files: readonly string[]): Wrong[] {
  return files.map((file) => {
    const head = Deno.readFileSync(new URL(file, corpus)).subarray(0, maxTitleScanBytes);
    return {
      file,
      found: findTitle(new TextDecoder().decode(head)),
      recorded: readRecordedTitle(file),
    };
  }).filter(({ found, recorded }) => found !== recorded);
}

const corpusFiles = listCorpus();

Deno.test("findTitle agrees with the RFC Editor's records of real RFCs", {
  ignore: corpusFiles.length === 0,
  permissions: { read: [corpus] },
}, () => {
  // The records themselves are not consistent before 1991, which only a large corpus reaches.
  const isSample = corpusFiles.length <= 60;
  const wrongAllowed = isSample ? 1 : Math.floor(corpusFiles.length * 0.02);
  const wrong = findWrongTitles(corpusFiles);
  const list = wrong.map(({ file, found, recorded }) => `${file}: "${found}" for "${recorded}"`);
  assert.ok(
    wrong.length <= wrongAllowed,
    `${wrong.length} of ${corpusFiles.length} titles wrong:\n${list.join("\n")}`,
  );
});
