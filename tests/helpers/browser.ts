/**
 * A real browser, where there is one.
 * @module
 */
import { fileURLToPath } from "node:url";
import { lacks } from "./permissions.ts";
import type { OpenedPage } from "./open_page.ts";

const program = fileURLToPath(new URL("open_page.ts", import.meta.url));

/** The browser of this machine, if it has one and tests may look. */
export function findBrowser(): string | undefined {
  if (lacks("read")) return undefined;
  return ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    (path) => {
      try {
        return Deno.statSync(path).isFile;
      } catch {
        return false;
      }
    },
  );
}

/** Opens a page and keeps a picture of it in `dist/`, under a name without `.png`. */
export async function openPage(
  browser: string,
  path: string,
  picture: string,
): Promise<OpenedPage> {
  const screenshot = fileURLToPath(new URL(`../../dist/${picture}.png`, import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, browser, path, screenshot],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`Cannot open ${path} in ${browser}: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}
