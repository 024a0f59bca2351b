import {
  readManifests,
  textWithout,
  type ManifestObject,
  type ManifestText,
} from '../manifest';
import type { Reporter } from '../report';

/** Hooks that have their place in a deploy. */
const DEPLOYED_HOOKS = /^(?:crd-install|(?:pre|post)-(?:install|upgrade))$/;
const HOOK = 'helm.sh/hook';

/** Helm writes it over each document; in a document it would be indented. */
const SOURCE = /^---\r?\n# Source: (.+?)\r?$/gm;

/**
 * What `helm template` prints, in pieces that come from one template each, whose
 * name the origin then has: nobody sees the whole.
 */
export function byTemplate({ origin, text }: ManifestText): ManifestText[] {
  const pieces: { template?: string; text: string }[] = [];
  let [template, start] = [undefined as string | undefined, 0];
  const cut = (end: number) => {
    const piece = text.slice(start, end);
    if (piece.trim() !== '') pieces.push({ template, text: piece });
    start = end;
  };
  for (const match of text.matchAll(SOURCE)) {
    if (match[1] === template) continue;
    cut(match.index);
    template = match[1];
  }
  cut(text.length);
  return pieces.map((piece) => ({
    origin: piece.template ? `${origin}, ${piece.template}` : origin,
    text: piece.text,
  }));
}

/**
 * Hooks are applied as the objects that they are, less those for deletion and
 * rollback, which would run now. A line says so.
 * @throws SLIPWAY_E_MANIFEST
 */
export function withoutOtherHooks(
  texts: readonly ManifestText[],
  { info }: Pick<Reporter, 'info'>,
): ManifestText[] {
  const hooks = readManifests(texts).objects.filter(
    (one) => hooksOf(one).length > 0,
  );
  const isDeployed = (one: ManifestObject) =>
    hooksOf(one).some((hook) => DEPLOYED_HOOKS.test(hook));
  const deployed = hooks.filter(isDeployed);
  const other = hooks.filter((one) => !isDeployed(one));
  if (deployed.length > 0) {
    info(`hooks are deployed as the objects that they are: ${named(deployed)}`);
  }
  if (other.length === 0) return [...texts];
  info(`left out, as hooks for deletion or rollback: ${named(other)}`);
  return texts.map((text, index) =>
    textWithout(
      text,
      other.filter((one) => one.text === index),
    ),
  );
}

function hooksOf({ object: { metadata } }: ManifestObject): string[] {
  const hooks = metadata.annotations?.[HOOK];
  return hooks?.split(',').map((hook) => hook.trim()) ?? [];
}

function named(objects: readonly ManifestObject[]): string {
  return objects
    .map(({ object: { kind, metadata } }) => `${kind}/${metadata.name}`)
    .join(', ');
}
