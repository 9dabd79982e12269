// Accepts: in both themes text on its ground has a contrast of at least 4.5 (WCAG 2.2, 1.4.3), lines that must
// be found by eye (focus, edges of fields) at least 3 (1.4.11). Formula: WCAG's relative luminance.
import { expect, it } from 'vitest';
import { type ColourName, PALETTE, paletteCss } from '../../plugin/ui/palette.ts';

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const GROUNDS: ColourName[] = ['panel', 'raised', 'sunken'];
const PAIRS: [ColourName, ColourName, number][] = [
  ...(['text', 'muted', 'focus', 'danger', 'good', 'warn'] as const).flatMap((name) =>
    GROUNDS.map((ground): [ColourName, ColourName, number] => [name, ground, 4.5]),
  ),
  ...GROUNDS.map((ground): [ColourName, ColourName, number] => ['edge', ground, 3]),
  ['on-accent', 'accent', 4.5],
];

it.each(['light', 'dark'] as const)('%s: what is read stands out from its ground', (scheme) => {
  const at = scheme === 'light' ? 0 : 1;
  for (const [name, ground, least] of PAIRS) {
    const found = contrast(PALETTE[name][at], PALETTE[ground][at]);
    expect(found, `${name} on ${ground}`).toBeGreaterThanOrEqual(least);
  }
});

it('lets a page set each colour', () => {
  const declarations = paletteCss();
  for (const name of Object.keys(PALETTE)) {
    expect(declarations).toContain(`--sm-${name}: var(--splatmend-${name}, light-dark(`);
  }
});
