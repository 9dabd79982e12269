/** exifr has types for its whole build alone; this is the smallest: JPEG, no names of tags. */
declare module 'exifr/dist/mini.esm.mjs' {
  /** What was picked, by the tag's number; undefined where there is no EXIF. */
  export function parse(
    bytes: Uint8Array,
    options: Record<string, unknown>,
  ): Promise<Record<string, unknown> | undefined>;
}
