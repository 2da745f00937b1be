/**
 * Printing messages as they go over the wire, which is what the course asks for.
 * @module
 */
import type { Trace, TracedMessage } from "../net/trace.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import type { Output } from "./output.ts";

/** A trace that prints each message in its exact form, with direction and address. */
export function printMessages(output: Output): Trace {
  return (message) => {
    const { direction, remote, bytes, continued = false, documentBytes } = message;
    const text = new TextDecoder().decode(bytes);
    if (output.json) {
      output.result({
        event: "message",
        direction,
        remote: formatEndpoint(remote),
        text,
        continued,
        ...(documentBytes === undefined ? {} : { documentBytes }),
      });
    } else {
      output.remark(describe(message, text));
    }
  };
}

function describe(
  { direction, remote, dialect = "given", continued, documentBytes }: TracedMessage,
  text: string,
): string {
  const arrow = direction === "sent" ? "--> sent to" : "<-- received from";
  // Line ends cannot be seen in print; the name of the form tells them.
  const form = dialect === "given" ? "" : ` (${dialect})`;
  const heading = continued ? "" : `${arrow} ${formatEndpoint(remote)}${form}\n`;
  const document = documentBytes === undefined ? "" : `\n[${documentBytes} bytes of document]\n`;
  // The line end of the last line is the console's own.
  return `${heading}${text.replace(/\r?\n$/, "")}${document}`;
}
