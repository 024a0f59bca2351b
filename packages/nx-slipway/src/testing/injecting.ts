import { parseReference } from '../image';
import {
  editManifests,
  injectImages,
  parseLocators,
  readManifests,
  type ImageUse,
  type LocatorOption,
} from '../manifest';

export const DIGEST = `sha256:${'0'.repeat(64)}`;
export const REF = `registry:5000/web:nx-0123456789abcdef@${DIGEST}`;

/** An image `name` that is built here, and comes to REF. */
export const use = (name: string, parts: Partial<ImageUse> = {}): ImageUse => ({
  name: parseReference(name),
  deployRef: parseReference(REF),
  matchInEnvVars: false,
  ...parts,
});

/** A text with images in it: its first object, and the text again. */
export function inject(
  text: string,
  uses: readonly ImageUse[] = [use('web')],
  locators: readonly LocatorOption[] = [],
) {
  const set = readManifests([{ origin: 'a.yaml', text }]);
  const parsed = parseLocators(locators, 'locators');
  const injection = injectImages(set.objects, uses, parsed);
  const [object] = injection.objects;
  const [edited] = editManifests(set, injection.changes);
  return { ...injection, object, text: edited?.text ?? '' };
}

export const pod = (spec: string, kind = 'Pod', apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n${spec}\n`;
