/** HTML by template that escapes: `html\`<p>${untrusted}</p>\``. */

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe between tags and in a quoted attribute; control characters become U+FFFD. */
export function escapeHtml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
      .replace(/[&<>"']/g, (c) => ENTITIES[c]!)
  );
}

export type Part = Markup | string | number | undefined | readonly Part[];

function toText(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(toText).join('');
}

export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  let text = strings[0]!;
  parts.forEach((part, i) => {
    text += toText(part) + strings[i + 1]!;
  });
  return new Markup(text);
}

/** A PNG as an image tag that needs no other file. */
export function imageTag(png: Uint8Array, alt: string, className = ''): Markup {
  const data = Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString('base64');
  return html`<img class="${className}" alt="${alt}" src="data:image/png;base64,${data}">`;
}
