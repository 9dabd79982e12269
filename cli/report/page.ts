/** The report's page as text. Everything in it is data: no script, no request. */

import {
  CONFIDENCE_MAP,
  type ColourMap,
  cssGradient,
  DEPTH_MAP,
  UNKNOWN_GREY,
  type ValueRange,
} from '../../core/colour-map.ts';
import { FOOTPRINT_COLOUR, MASK_COLOUR } from '../../core/pictures.ts';
import type { RemoveFigures } from '../../core/remove-types.ts';
import { html, imageTag, Markup } from './markup.ts';
import { STATES, type State } from './states.ts';
import { STYLE } from './style.ts';

/** PNG bytes of one camera's pictures. */
export interface ViewPictures {
  caption: string;
  full: Record<State, Uint8Array>;
  close: Record<State, Uint8Array>;
}

/** PNG bytes of one fill's pictures, cropped around the hole. */
export interface FillPictures {
  caption: string;
  before: Uint8Array;
  mask: Uint8Array;
  inpainted: Uint8Array;
  depthBefore: Uint8Array;
  depthCompleted: Uint8Array;
  confidence: Uint8Array;
  depthRange: ValueRange;
  maskPixels: number;
  added: number;
}

export interface ReportFacts {
  /** Untrusted: file names come from the user's disk. */
  inputPath: string;
  outputPath: string;
  /** Splats in the input and in the output. */
  splatsBefore: number;
  splatsAfter: number;
  shDegree: number;
  figures: RemoveFigures;
  backend: 'webgpu' | 'cpu';
  backendDescription: string;
  backendReason: string;
  /** Who filled, and by which depth model if any, for people. */
  filledBy: string;
  seed: number;
  cameraSource: string;
  versions: Record<string, string>;
  /** When the report was made. */
  date: Date;
}

const STATE_NAMES: Record<State, string> = {
  before: 'Before',
  deleted: 'Only deleted',
  mended: 'Mended',
};

/** Three significant digits without an exponent where that stays readable. */
export function formatValue(v: number): string {
  if (!Number.isFinite(v)) return '–';
  if (v === 0) return '0';
  const a = Math.abs(v);
  if (a >= 1e6 || a < 1e-4) return v.toExponential(2);
  return a >= 1000 ? v.toFixed(0) : String(Number(v.toPrecision(3)));
}

const percent = (share: number) =>
  Number.isFinite(share) ? `${formatValue(share * 100)} %` : 'not measured';
const whole = (n: number) => n.toLocaleString('en-US');

function legend(title: string, map: ColourMap, range: ValueRange, unknown?: string): Markup {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((t) => {
    const v = range.low + t * (range.high - range.low);
    return html`<span>${formatValue(v)}</span>`;
  });
  return html`<div class="legend"><div>${title}${
    unknown === undefined
      ? ''
      : html` · <span class="chip" style="background:rgb(${UNKNOWN_GREY} ${UNKNOWN_GREY} ${UNKNOWN_GREY})"></span>${unknown}`
  }</div><div class="bar" style="background:${cssGradient(map)}"></div><div class="ticks">${ticks}</div></div>`;
}

function card(name: string, value: string, note?: string, text = false): Markup {
  return html`<div><dt>${name}</dt><dd class="${text ? 'text' : ''}">${value}${
    note === undefined ? '' : html`<small>${note}</small>`
  }</dd></div>`;
}

function figureCards(facts: ReportFacts): Markup {
  const f = facts.figures;
  const seconds = Object.values(f.seconds).reduce((sum, s) => sum + s, 0);
  return html`<dl class="figures">
${card('Selected', whole(f.selected), `of ${whole(facts.splatsBefore)} splats`)}
${card('Added', whole(f.added), `the scene now has ${whole(facts.splatsAfter)}`)}
${card('Coverage', percent(f.coverage), 'of the hole shows a surface')}
${card('Seam step in depth', percent(f.seamDepth), `of the depth, median along the rim; 90 % of it under ${percent(f.seamDepth90)}`)}
${card('Seam step in colour', `ΔE ${formatValue(f.seamDeltaE)}`, `CIEDE2000, median along the rim; mean |Δrgb| ${formatValue(f.seamColour)} of 1`)}
${card('Time', `${formatValue(seconds)} s`, `${f.views} ${f.views === 1 ? 'view' : 'views'} filled`)}
${card('Backend', facts.backend === 'webgpu' ? 'WebGPU' : 'CPU', facts.backendDescription, true)}
${card('Seed', String(facts.seed), 'the same seed gives the same fill', true)}
</dl>`;
}

function viewSection(view: ViewPictures): Markup {
  const row = (kind: 'close' | 'full') =>
    html`<div class="row">${STATES.map(
      (state) =>
        html`<figure><figcaption>${STATE_NAMES[state]}${kind === 'close' ? ', close' : ''}</figcaption>${imageTag(
          view[kind][state],
          `${view.caption}: ${STATE_NAMES[state].toLowerCase()}${kind === 'close' ? ', close-up of the hole' : ''}`,
        )}</figure>`,
    )}</div>`;
  return html`<section class="view"><h3>From ${view.caption}</h3>${row('full')}${row('close')}</section>`;
}

function fillSection(fill: FillPictures): Markup {
  const figure = (name: string, png: Uint8Array, className = '') =>
    html`<figure><figcaption>${name}</figcaption>${imageTag(png, `${fill.caption}: ${name.toLowerCase()}`, className)}</figure>`;
  const chip = (c: readonly number[]) =>
    html`<span class="chip" style="background:rgb(${c[0]} ${c[1]} ${c[2]})"></span>`;
  return html`<section class="view"><h3>${fill.caption}</h3>
<p class="soft">${whole(fill.maskPixels)} pixels filled, ${whole(fill.added)} splats added.</p>
<div class="row">${figure('As seen before this fill', fill.before)}${figure('Mask', fill.mask, 'exact')}${figure('Inpainted', fill.inpainted)}</div>
<p class="legend">${chip(MASK_COLOUR)}filled ${chip(FOOTPRINT_COLOUR)}rim of the removed object's footprint</p>
<div class="row">${figure('Depth before', fill.depthBefore, 'exact')}${figure('Depth completed', fill.depthCompleted, 'exact')}${figure('Confidence', fill.confidence, 'exact')}</div>
<div class="row">${legend('Depth, scene units (both depth maps)', DEPTH_MAP, fill.depthRange, 'none')}<div></div>${legend('Confidence', CONFIDENCE_MAP, { low: 0, high: 1 })}</div>
</section>`;
}

function timeTable(seconds: Record<string, number>): Markup {
  const most = Math.max(...Object.values(seconds), 1e-9);
  return html`<table><thead><tr><th scope="col">Step</th><th scope="col">Seconds</th><th></th></tr></thead><tbody>${Object.entries(
    seconds,
  ).map(
    ([step, s]) =>
      html`<tr><th scope="row">${step}</th><td class="number">${s.toFixed(2)}</td><td class="wide"><div class="share" style="width:${((s / most) * 100).toFixed(1)}%"></div></td></tr>`,
  )}</tbody></table>`;
}

/** The whole page. The policy in its head forbids scripts and requests, should an escape ever fail. */
export function reportPage(
  facts: ReportFacts,
  views: readonly ViewPictures[],
  fills: readonly FillPictures[],
): string {
  const notes = facts.figures.notes;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Splatmend: ${facts.inputPath}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1>Object removed, hole mended</h1>
<p><span class="path">${facts.inputPath}</span> <span class="soft">to</span> <span class="path">${facts.outputPath}</span></p>
<p class="soft">${facts.date.toISOString().replace('T', ' ').slice(0, 19)} UTC · ${facts.cameraSource}</p>
${figureCards(facts)}
${notes.length > 0 ? html`<ul class="notes">${notes.map((n) => html`<li>${n}</li>`)}</ul>` : ''}
</header>
<main>
<h2>Before and after</h2>
<p class="soft">Rendered by Splatmend's own reference renderer. Grey is where there is no splat at all.</p>
${views.map(viewSection)}
<h2>How it was filled</h2>
${
  fills.length > 0
    ? html`<p class="soft">One part a camera, in the order they were filled; each fills only what the ones before left open. Cropped around the hole.</p>${fills.map(fillSection)}`
    : html`<p>Nothing was filled: no camera saw a hole.</p>`
}
<h2>Seconds a step</h2>
${timeTable(facts.figures.seconds)}
<h2>Made with</h2>
<table><tbody>
<tr><th scope="row">Backend</th><td>${facts.backend}: ${facts.backendDescription}. ${facts.backendReason}</td></tr>
<tr><th scope="row">Filled by</th><td>${facts.filledBy}</td></tr>
<tr><th scope="row">Spherical harmonics</th><td>degree ${facts.shDegree}</td></tr>
${Object.entries(facts.versions).map(([name, v]) => html`<tr><th scope="row">${name}</th><td>${v}</td></tr>`)}
</tbody></table>
</main>
<footer>Every picture here also lies beside this page as a PNG file.</footer>
</body>
</html>
`;
  return page.text;
}
