/**
 * How the report looks: on screen, in the dark and in print.
 * @module
 */

/** The style of the page around the plots. */
export const pageStyle = `
:root{color-scheme:light dark;--text:#1a1a1a;--page:#fff;--rule:#c8c8c8;--warn:#8a3b00}
@media screen and (prefers-color-scheme:dark){:root{--text:#f0f0f0;--page:#161616;--rule:#555;--warn:#ffb070}}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem}
h1{font-size:1.6rem;line-height:1.25}
h2{font-size:1.25rem;margin-top:2.2rem}
h3{font-size:1.05rem;margin-top:1.8rem}
figure{margin:1rem 0}
figure svg{max-width:100%;height:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem;margin:1rem 0}
caption{text-align:left;padding-bottom:.3rem}
th,td{text-align:right;padding:.2rem .7rem;border-bottom:1px solid var(--rule)}
th[scope=row],th[scope=col]:first-child,.settings td{text-align:left}
th[scope=row]{font-weight:500}
.formula{font-family:ui-monospace,monospace;white-space:nowrap;font-size:.9em}
.warning{border-left:4px solid var(--warn);padding:.3rem .8rem;font-weight:600}
pre{overflow-x:auto;font-size:.8rem;line-height:1.35;border:1px solid var(--rule);padding:.8rem}
@media print{main{max-width:none;padding:0}section,figure,table,tr{break-inside:avoid}pre{white-space:pre-wrap;border:0;padding:0}}
`;
