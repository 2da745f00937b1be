/**
 * Opens a page in a real browser and prints what came of it, as JSON: a program of its own, since driving a browser
 * needs permissions that tests do not have.
 *
 * usage: open_page.ts BROWSER PAGE SCREENSHOT
 * @module
 */
import { chromium } from "playwright-core";

/** What came of opening a page. */
export interface OpenedPage {
  /** What the browser complained about. */
  readonly complaints: readonly string[];
  /** What was asked for besides the page itself. */
  readonly requests: readonly string[];
  /** The texts of each plot. */
  readonly plots: readonly {
    readonly name: string;
    readonly texts: readonly string[];
    /** How many lines it has that are longer than nothing. */
    readonly lines: number;
    /** Texts that overlap another, or go beyond the plot. */
    readonly misplaced: readonly string[];
  }[];
  /** All that can be read. */
  readonly text: string;
  /** The colours of page and text, in the light and in the dark. */
  readonly colours: readonly string[];
}

if (import.meta.main) {
  const [executablePath, page, screenshot] = Deno.args;
  console.log(JSON.stringify(await open(executablePath!, page!, screenshot!)));
}

async function open(executablePath: string, path: string, screenshot: string): Promise<OpenedPage> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 900, height: 1200 } });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(`file://${path}`);
    await page.screenshot({ path: screenshot, fullPage: true });
    const plots = await page.locator("svg").evaluateAll(lookAtPlots);
    const colours: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      colours.push(await page.locator("body").evaluate(lookAtColours));
    }
    return {
      complaints,
      requests: requests.filter((url) => url !== `file://${path}` && !url.startsWith("data:")),
      plots,
      text: await page.locator("body").innerText(),
      colours,
    };
  } finally {
    await browser.close();
  }
}

/** What of the browser's elements is used here; there are no types for a page in this program. */
interface PageElement {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  getTotalLength(): number;
  getBoundingClientRect(): Box;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Runs in the page: it may use nothing from outside itself. */
function lookAtPlots(plots: unknown[]): OpenedPage["plots"] {
  return (plots as PageElement[]).map((plot) => {
    const texts = [...plot.querySelectorAll("text")];
    const boxes = texts.map((text) => text.getBoundingClientRect());
    const whole = plot.getBoundingClientRect();
    const isMisplaced = (box: Box, i: number) =>
      box.left < whole.left || box.right > whole.right || box.top < whole.top ||
      box.bottom > whole.bottom ||
      boxes.some((other, j) =>
        j < i && box.left < other.right - 1 && other.left < box.right - 1 &&
        box.top < other.bottom - 3 && other.top < box.bottom - 3
      );
    return {
      name: plot.getAttribute("aria-label") ?? "",
      texts: texts.map(({ textContent }) => textContent),
      lines: [...plot.querySelectorAll("path.line")].filter((line) => line.getTotalLength() > 0)
        .length,
      misplaced: texts.filter((_, i) => isMisplaced(boxes[i]!, i)).map(({ textContent }) =>
        textContent
      ),
    };
  });
}

/** Runs in the page. */
function lookAtColours(body: unknown): string {
  const view = globalThis as unknown as {
    getComputedStyle(element: unknown): { backgroundColor: string; color: string };
  };
  const { backgroundColor, color } = view.getComputedStyle(body);
  return `${color} on ${backgroundColor}`;
}
