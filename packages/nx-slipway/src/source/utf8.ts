const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A text with its byte order mark, or `undefined` if the bytes are not UTF-8. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
