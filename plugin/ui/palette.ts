/**
 * The colours, each for light and for dark. A page sets its own with a custom property of the name,
 * e.g. `--splatmend-accent`; inside they are `--sm-accent`. test/plugin/palette.test.ts checks contrast.
 */
export const PALETTE = {
  text: ['#1b1f27', '#eceef2'],
  muted: ['#545c6b', '#9aa2b1'],
  /** Bars and panels. */
  panel: ['#f6f7f9', '#171a21'],
  /** What lies over panels and the picture: menus, dialogs, alerts. */
  raised: ['#ffffff', '#1c1f27'],
  /** Fields, tracks. */
  sunken: ['#e6e9ee', '#0f1116'],
  line: ['rgb(20 26 40 / 0.15)', 'rgb(255 255 255 / 0.1)'],
  /** Edges of fields and switches, which must be found by eye. */
  edge: ['#7d8696', '#6f7787'],
  hover: ['rgb(20 26 40 / 0.07)', 'rgb(255 255 255 / 0.08)'],
  pressed: ['rgb(20 26 40 / 0.13)', 'rgb(255 255 255 / 0.14)'],
  accent: ['#ffa733', '#ffa733'],
  'on-accent': ['#1d1200', '#1d1200'],
  /** Lines and small text in the accent's hue: focus, what is chosen. */
  focus: ['#9a5200', '#ffb65a'],
  danger: ['#b3261e', '#ff7b72'],
  good: ['#1c6e3f', '#58d68d'],
  warn: ['#8a5300', '#f5b041'],
  disabled: ['#8f97a5', '#5c6472'],
  shadow: ['rgb(20 26 40 / 0.22)', 'rgb(0 0 0 / 0.45)'],
  backdrop: ['rgb(20 26 40 / 0.35)', 'rgb(5 6 9 / 0.6)'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;
export type ColourName = keyof typeof PALETTE;

/** The palette as declarations for a `:host` rule; which of the two counts is the `color-scheme`'s choice. */
export function paletteCss(): string {
  return Object.entries(PALETTE)
    .map(
      ([name, [light, dark]]) =>
        `--sm-${name}: var(--splatmend-${name}, light-dark(${light}, ${dark}));`,
    )
    .join('\n');
}
