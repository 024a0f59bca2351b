import type { KubeObject } from '../../manifest';
import type { Secrets } from '../../report';

/** Shorter ones are in every text: `true`, `8080`. */
const MIN_LENGTH = 8;

/**
 * The values of Secret manifests, plain and in base64, which nothing that is
 * printed or kept may show (design 2.3).
 */
export function secretValues(objects: readonly KubeObject[]): string[] {
  return objects
    .filter(isSecret)
    .flatMap(({ data, stringData }) => [
      ...textsIn(stringData),
      ...textsIn(data).flatMap((text) => [text, decoded(text)]),
    ])
    .filter((value) => value.length >= MIN_LENGTH);
}

export function isSecret({ kind, apiVersion }: KubeObject): boolean {
  return kind === 'Secret' && apiVersion === 'v1';
}

export function hideSecrets(
  objects: readonly KubeObject[],
  secrets: Secrets,
): void {
  for (const value of secretValues(objects)) secrets.add(value);
}

/** At any depth: what is no text there is wrong, and the server quotes it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).flatMap(textsIn);
  }
  if (value === undefined || value === null) return [];
  return [`${value as string | number | boolean}`];
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
