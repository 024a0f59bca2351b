import type { ManifestText } from '../locate';
import { SlipwayError } from '../report';
import { positionIn } from './position';

/** @param offset in the text */
export function manifestError(
  { origin, text }: ManifestText,
  offset: number,
  what: string,
  hint = hintFor(text),
): SlipwayError {
  const { line, column } = positionIn(text)(offset);
  return new SlipwayError({
    code: 'SLIPWAY_E_MANIFEST',
    message: `${origin}:${line}:${column}: ${what}.`,
    hint,
  });
}

function hintFor(text: string): string {
  return /\{\{/.test(text)
    ? 'It looks like a template of a Helm chart. A chart is named as a whole: "source": { "helm": { "chart": "..." } }.'
    : 'It is read as kubectl reads it; `kubectl create --dry-run=client -f FILE` should take it.';
}
