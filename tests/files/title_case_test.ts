import assert from "node:assert/strict";
import fc from "fast-check";
import { toCatalogueForm } from "../../lib/files/title_case.ts";

/** Numbers of RFCs from the three ages of the records. */
const library = 1236;
const titleCase = [1237, 2399];
const asPrinted = [2400, 9999, undefined];

interface Case {
  readonly name: string;
  readonly printed: string;
  readonly recorded: string;
  /** The prose of the document, beside a sentence without any word of the title. */
  readonly prose?: string;
}

/** Puts a title into the form of the records; its document has the prose and nothing else. */
function catalogue({ printed, prose = "" }: Case, number: number | undefined): string {
  const paragraphs = [prose, "we give here, in short, what is known, which is not much."];
  return toCatalogueForm(printed, number, paragraphs);
}

function testCases(age: string, numbers: readonly (number | undefined)[], cases: readonly Case[]) {
  for (const one of cases) {
    Deno.test(`toCatalogueForm ${age} ${one.name}`, { permissions: "none" }, () => {
      for (const number of numbers) assert.equal(catalogue(one, number), one.recorded);
    });
  }
}

testCases("up to 1991", [1, library], [
  {
    name: "puts common words in small letters",
    printed: "Digest Message Format",
    recorded: "Digest message format",
  },
  {
    name: "puts capitals in small letters",
    printed: "NAME, ADDRESSES, PORTS, AND ROUTES",
    recorded: "Name, addresses, ports, and routes",
  },
  {
    name: "leaves abbreviations and words with figures",
    printed: "Encoding MIB and NetBIOS Objects for IPv6",
    recorded: "Encoding MIB and NetBIOS objects for IPv6",
  },
  {
    name: "leaves a word that the prose always capitalises within a sentence",
    printed: "Computing the Internet Checksum",
    recorded: "Computing the Internet checksum",
    prose: "This memo tells how one computes the Internet checksum, and how one does it fast.",
  },
  {
    name: "takes no word for a name that the prose has in small letters as well",
    printed: "A Model of Routing in the Internet",
    recorded: "Model of routing in the internet",
    prose: "This memo is about routing in the Internet, which is an internet of internets.",
  },
  {
    name: "takes no capital at the start of a sentence for that of a name",
    printed: "Large Mailing Lists",
    recorded: "Large mailing lists",
    prose: "This memo is about mail that goes to many people. Mailing many of them is hard.",
  },
  {
    name: "takes no capital in a heading for that of a name",
    printed: "The Mailing Lists",
    recorded: "Mailing lists",
    prose: "On Mailing Lists, and Why They Are too Large for a Host",
  },
  {
    name: "restores names in a title in capitals",
    printed: "TELNET TERMINAL TYPE ON A TCP/IP NETWORK WITH NetBIOS",
    recorded: "Telnet terminal type on a TCP/IP network with NetBIOS",
    prose: "with the Telnet protocol of the TCP/IP family, a terminal can tell its type to a host.",
  },
  {
    name: "leaves the name of a protocol",
    printed: "Host Access Protocol Specification",
    recorded: "Host Access Protocol specification",
  },
  {
    name: "gives capitals to the name of a protocol in capitals",
    printed: "SOME PROBLEMS OF THE FILE TRANSFER PROTOCOL",
    recorded: "Some problems of the File Transfer Protocol",
  },
  {
    name: "takes a kind of protocol for no name",
    printed: "NETBLT: A Bulk Data Transfer Protocol",
    recorded: "NETBLT: A bulk data transfer protocol",
  },
  {
    name: "takes a protocol without a name for no name",
    printed: "MODULARITY IN PROTOCOL IMPLEMENTATION",
    recorded: "Modularity in protocol implementation",
  },
  {
    name: "leaves a name that the text abbreviates",
    printed: "Thoughts on the National Research\nand Education Network",
    recorded: "Thoughts on the National Research\nand Education Network",
    prose: "The network of the National Research and Education Network (NREN) is no network yet.",
  },
  {
    name: "leaves a name that the title abbreviates",
    printed: "Memo from the Consortium for Slow Research (CSR)",
    recorded: "Memo from the Consortium for Slow Research (CSR)",
    prose: "Memo from the Consortium for Slow Research (CSR)",
  },
  {
    name: "drops an article in front",
    printed: "A TCP/IP Tutorial",
    recorded: "TCP/IP tutorial",
  },
  {
    name: "leaves a word in front that only starts like an article",
    printed: "Another Tutorial",
    recorded: "Another tutorial",
  },
  {
    name: "puts a colon before a subtitle with an article",
    printed: 'Responsibilities of Managers\nA Summary of the "Tradition"',
    recorded: 'Responsibilities of managers:\nA summary of the "tradition"',
  },
  {
    name: "puts none inside a phrase",
    printed: "Responsibilities of\nA Manager",
    recorded: "Responsibilities of\na manager",
  },
  {
    name: "puts none after another mark",
    printed: "Responsibilities:\nA Summary",
    recorded: "Responsibilities:\nA summary",
  },
  {
    name: "puts a colon before a date",
    printed: "Report of the Workshop\n5 Streets, July 16-18, 1990",
    recorded: "Report of the workshop:\n5 streets, july 16-18, 1990",
  },
  {
    name: "puts a colon before a version",
    printed: "RPC: Call Protocol\nVersion 2",
    recorded: "RPC: Call Protocol:\nVersion 2",
  },
  {
    name: "puts a colon for a dash before a version",
    printed: "INTERACTIVE MAIL - VERSION 2",
    recorded: "Interactive mail:\nVersion 2",
  },
]);

testCases("up to 1998", titleCase, [
  {
    name: "leaves a title in small letters",
    printed: "A string encoding of\nPresentation Address",
    recorded: "A string encoding of\nPresentation Address",
  },
  {
    name: "leaves one abbreviation",
    printed: "HTTP/2",
    recorded: "HTTP/2",
  },
  {
    name: "puts a title in capitals into title case",
    printed: "THE NAMES FOR COMMON SERVICES, ROLES\nAND FUNCTIONS: A LIST",
    recorded: "The Names for Common Services, Roles\nand Functions: A List",
  },
  {
    name: "restores names in a title in capitals",
    printed: "IMAP4 COMPATIBILITY WITH IMAP2BIS AND DUAs",
    recorded: "IMAP4 Compatibility with IMAP2bis and DUAs",
    prose: "this memo tells what of IMAP4 is compatible with IMAP2bis, and what is not.",
  },
]);

testCases("since 1998", asPrinted, [
  { name: "leaves a title in capitals", printed: "I REMEMBER IANA", recorded: "I REMEMBER IANA" },
  { name: "leaves an article", printed: "A Way of It", recorded: "A Way of It" },
]);

Deno.test("toCatalogueForm changes no more than letter case, articles and colons", {
  permissions: "none",
}, () => {
  const words = fc.constantFrom("A", "THE", "An", "of", "Host", "ACCESS", "Protocol", "(HAP)", "-");
  const title = fc.array(words, { minLength: 1 }).map((list) => list.join(" "));
  const strip = (text: string) => text.toLowerCase().replace(/[:\s-]/g, "");
  fc.assert(fc.property(title, fc.integer({ min: 1, max: 9999 }), (printed, number) => {
    const allowed = [strip(printed), strip(printed.replace(/^(?:an?|the) /i, ""))];
    const given = strip(toCatalogueForm(printed, number, [printed]));
    assert.ok(allowed.includes(given), `${given} for ${printed}`);
  }));
});

Deno.test("toCatalogueForm gives some string for any title and text", {
  permissions: "none",
}, () => {
  const anyText = fc.string({ unit: "binary" });
  const number = fc.integer({ min: 1, max: 3000 });
  fc.assert(fc.property(anyText, number, fc.array(anyText), (printed, number, paragraphs) => {
    assert.equal(typeof toCatalogueForm(printed, number, paragraphs), "string");
  }));
});
