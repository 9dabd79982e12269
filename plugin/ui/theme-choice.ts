/** The theme that the user chose, remembered by the browser. */
export type Scheme = 'light' | 'dark';

const KEY = 'splatmend-theme';

/** What was chosen before; undefined where nothing was, or the browser keeps nothing. */
export function rememberedScheme(): Scheme | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : undefined;
  } catch {
    // Storage is switched off for this page.
    return undefined;
  }
}

export function rememberScheme(scheme: Scheme): void {
  try {
    localStorage.setItem(KEY, scheme);
  } catch {
    // It then lasts as long as the page.
  }
}

/** Which of the two an element shows: what `color-scheme` chose for it. */
export function shownScheme(element: Element): Scheme {
  const scheme = getComputedStyle(element).colorScheme;
  const names = scheme.split(/\s+/).filter((name) => name === 'light' || name === 'dark');
  if (names.length === 2) {
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  return names[0] === 'dark' ? 'dark' : 'light';
}
