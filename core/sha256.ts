/** Hexadecimal; undefined where the page is not a secure context. */
export async function sha256Of(bytes: ArrayBuffer): Promise<string | undefined> {
  const digest = await globalThis.crypto.subtle?.digest('SHA-256', bytes);
  return digest && [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('');
}
