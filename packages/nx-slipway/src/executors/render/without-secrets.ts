import {
  editManifests,
  joinTexts,
  type Change,
  type ManifestSet,
} from '../../manifest';
import { MASK, Secrets, scrub } from '../../report';
import { isSecret, secretValues } from '../manifest-set/secret-values';

const HOLD_VALUES = ['data', 'stringData'];

/**
 * The set as YAML, as standard output may have it, which Nx and every CI keep:
 * each value of a Secret is a mask, and wherever else in the texts it stands.
 * @param changes of each object of the set
 * @returns the same as without masks if there is nothing to mask
 */
export function withoutSecrets(
  set: ManifestSet,
  changes: readonly (readonly Change[])[],
): string {
  const masked = set.objects.map(({ object }, index) => {
    const ofObject = changes[index] ?? [];
    if (!isSecret(object)) return ofObject;
    const others = ofObject.filter(
      ({ path: [first] }) => !HOLD_VALUES.includes(String(first)),
    );
    const values = HOLD_VALUES.flatMap((field) =>
      keysOf(object[field]).map((key) => ({ path: [field, key], value: MASK })),
    );
    return [...others, ...values];
  });
  const hidden = new Secrets({});
  const objects = set.objects.map(({ object }) => object);
  for (const value of secretValues(objects)) hidden.add(value);
  return scrub(joinTexts(editManifests(set, masked)), hidden.all);
}

function keysOf(value: unknown): string[] {
  const isMap =
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? Object.keys(value) : [];
}
