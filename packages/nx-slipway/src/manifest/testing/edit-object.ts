import { applyChanges } from '../apply-changes';
import { editManifests } from '../edit';
import { readManifests } from '../read';
import type { Change, JsonPath, JsonValue } from '../types';

/** Edits the first object of a text, and sees that it reads as it must. */
export function edit(
  text: string,
  ...changes: [JsonPath, JsonValue][]
): string {
  const set = readManifests([{ origin: 'a.yaml', text }]);
  const list = changes.map(([path, value]): Change => ({ path, value }));
  const perObject = set.objects.map((_, index) => (index === 0 ? list : []));
  const [edited] = editManifests(set, perObject);
  const again = readManifests([{ origin: 'a.yaml', text: edited?.text ?? '' }]);
  expect(again.objects.map(({ object }) => object)).toEqual(
    set.objects.map(({ object }, index) =>
      applyChanges(object, perObject[index] ?? []),
    ),
  );
  return edited?.text ?? '';
}
