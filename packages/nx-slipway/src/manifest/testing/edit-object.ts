import {
  applyChanges,
  type Change,
  type JsonPath,
  type JsonValue,
} from '../../locate';
import { editManifests } from '../edit';
import { readManifests } from '../read';

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
