import type { ManifestText } from '../locate';

const BYTE_ORDER_MARK = /^\uFEFF/;
const DOCUMENT_START = /^(?:(?:#.*)?\r?\n|%.*\r?\n)*---(?:[ \t\r\n]|$)/;

/**
 * Several texts as one stream of documents, each as it is: between two of them
 * stands a `---`, unless the second begins with one.
 */
export function joinTexts(texts: readonly ManifestText[]): string {
  return texts
    .map(({ text }) => text.replace(BYTE_ORDER_MARK, ''))
    .filter((text) => text.trim() !== '')
    .map((text) => (text.endsWith('\n') ? text : `${text}\n`))
    .map((text, index) => {
      const isSeparate = index === 0 || DOCUMENT_START.test(text);
      return isSeparate ? text : `---\n${text}`;
    })
    .join('');
}
