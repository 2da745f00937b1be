/**
 * How plots look: colours that the colour-blind can tell apart, on screen, in the dark and in print.
 * @module
 */
import { type Content, element, Markup } from "./svg.ts";

/**
 * Colours for peers: those of Okabe and Ito, without yellow, which is too faint on white, and black. In the dark the two
 * darkest are lighter. The seventh peer looks like the first, and is told by its label.
 */
const light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;
const dark = ["#4aa3df", "#d55e00", "#1fc493", "#cc79a7", "#e69f00", "#56b4e9"] as const;

/** The class of a peer's colour. */
export function colourClass(index: number): string {
  return `c${index % light.length}`;
}

/** Everything else that has a colour: text, less important text, lines of the grid, and what is below it all. */
interface Shades {
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  readonly paper: string;
  readonly peers: readonly string[];
}

/** Plain rules: programs that turn SVG into other formats know no variables. */
function coloursOf({ ink, soft, grid, paper, peers }: Shades): string {
  return `.plot .paper{fill:${paper}}
.plot text{fill:${ink}}
.plot .soft{fill:${soft}}
.plot .grid{stroke:${grid}}
.plot .axis{stroke:${soft}}
.plot .model,.plot .bound,.plot .expected{stroke:${ink}}
.plot .halo{stroke:${paper}}
.plot .dot{fill:${peers[0]}}
.plot .spread,.plot .interval{stroke:${peers[0]}}
${
    peers.map((colour, i) =>
      `.plot .line.c${i},.plot .leader.c${i}{stroke:${colour}}.plot .band.c${i}{fill:${colour}}`
    ).join("\n")
  }`;
}

/** The style of all plots. */
export const plotStyle: string = `
.plot{font-family:system-ui,"DejaVu Sans",sans-serif;font-size:13px}
.plot .title{font-size:15px;font-weight:600}
.plot .grid,.plot .axis,.plot .bound{stroke-width:1}
.plot .line{fill:none;stroke-width:2;stroke-linejoin:round}
.plot .model{fill:none;stroke-width:1.2;stroke-dasharray:2 4}
.plot .band{stroke:none;opacity:.16}
.plot .bound{stroke-dasharray:8 4}
.plot .leader{fill:none;stroke-width:1.5}
.plot .halo{stroke-width:4;stroke-linejoin:round;paint-order:stroke}
.plot .spread,.plot .expected{stroke-width:2}
.plot .interval{stroke-width:7;opacity:.4}
${coloursOf({ ink: "#1a1a1a", soft: "#595959", grid: "#dcdcdc", paper: "#ffffff", peers: light })}
@media screen and (prefers-color-scheme:dark){
${coloursOf({ ink: "#f0f0f0", soft: "#b4b4b4", grid: "#3c3c3c", paper: "#161616", peers: dark })}
}
`;

/** Size of a plot and the room around its axes, in pixels. */
export interface Frame {
  /** Of all of it. */
  readonly width: number;
  /** Of all of it. */
  readonly height: number;
  /** Above the axes: the title. */
  readonly top: number;
  /** Right of the axes: labels of lines. */
  readonly right: number;
  /** Below the axes: numbers and what they are. */
  readonly bottom: number;
  /** Left of the axes. */
  readonly left: number;
}

/** A plot as an element for a page that has `plotStyle`. */
export function frameOf({ width, height }: Frame, title: string, ...content: Content[]): Markup {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "plot",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": title,
    },
    element("rect", { class: "paper", width, height }),
    ...content,
  );
}

/** A plot as a file of its own. */
export function standalone(plot: Markup): string {
  const style = new Markup(`<style>${plotStyle}</style>`);
  return `${plot.text.replace("<rect ", `${style.text}<rect `)}\n`;
}
