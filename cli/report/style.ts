/** The report's style: system fonts, light and dark by the reader's choice, three pictures a row on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --paper: #fff; --card: #f4f6f8; --line: #dde2e7; --accent: #0b6bcb; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #9aa5b1; --paper: #14171a; --card: #1e2328; --line: #323940; --accent: #6cb6ff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 84rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
p { margin: .4rem 0; max-width: 70ch; }
.soft, figcaption, th { color: var(--soft); }
.path { font-family: ui-monospace, 'SF Mono', Consolas, monospace; font-size: .9em; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .75rem; margin: 1.25rem 0 0; padding: 0; }
.figures > div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .75rem .9rem; }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.45rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.figures dd.text { font-size: 1rem; padding-top: .3rem; }
.figures small { display: block; font-size: .8rem; font-weight: 400; color: var(--soft); }
.notes { background: var(--card); border-left: 4px solid var(--accent); border-radius: 4px; padding: .6rem 1rem .6rem 2rem; margin: 1.25rem 0 0; }
.row { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .6rem; margin: 0 0 .6rem; }
figure { margin: 0; break-inside: avoid; }
figcaption { font-size: .85rem; padding: .15rem 0 .3rem; }
img { display: block; width: 100%; height: auto; border-radius: 4px; background: #595959; }
img.exact { image-rendering: pixelated; }
.view { break-inside: avoid; }
.legend { font-size: .85rem; font-variant-numeric: tabular-nums; }
.bar { height: .9rem; border-radius: 3px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.ticks { display: flex; justify-content: space-between; color: var(--soft); padding-top: .15rem; }
.chip { display: inline-block; width: .9em; height: .9em; border-radius: 2px; vertical-align: -.1em; margin: 0 .3em 0 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
table { border-collapse: collapse; width: 100%; max-width: 44rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; font-weight: normal; }
td.number { text-align: right; white-space: nowrap; }
td.wide { width: 45%; }
.share { height: .6rem; min-width: 1px; border-radius: 2px; background: var(--accent); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
footer { margin-top: 3rem; font-size: .85rem; color: var(--soft); }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --card: #f6f6f6; --line: #ccc; --accent: #0b6bcb; }
  @page { margin: 14mm; }
  body { padding: 0; max-width: none; font-size: 11pt; }
  .figures { grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .4rem; }
  .figures > div { padding: .4rem .55rem; }
  .figures dd { font-size: 1.15rem; }
  h2 { break-after: avoid; margin-top: 1.2rem; }
}
@media screen and (max-width: 50rem) { .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media screen and (max-width: 40rem) { .row { gap: .3rem; } body { padding: 1rem; } }
`;
