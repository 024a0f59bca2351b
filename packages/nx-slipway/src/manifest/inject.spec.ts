import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import {
  applyChanges,
  findImages,
  isObject,
  parseLocators,
  valueAt,
  type JsonPath,
  type JsonValue,
  type KubeObject,
} from '../locate';
import { editManifests } from './edit';
import { injectImages } from './inject';
import { NESTED_TEXTS } from './nested';
import { readManifests } from './read';
import { use } from '../testing/injecting';

const name = fc.constantFrom('web', 'api', 'web-app', 'acme/web', 'web:1');
/** Less the numbers that are refused when they are read. */
const json = fc
  .jsonValue()
  .map(
    (value) =>
      JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
        typeof inner === 'number' && Math.abs(inner) >= 2 ** 53 ? 0 : inner,
      ) as JsonValue,
  );
const container = fc.record(
  {
    name: fc.constant('a'),
    image: fc.oneof(name, fc.string()),
    imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent'),
    env: fc.array(fc.record({ name: fc.constant('A'), value: name })),
    command: fc.array(fc.string()),
    other: json,
  },
  { requiredKeys: ['image'] },
);
const volume = fc.record({ image: fc.record({ reference: name }) });
const object: fc.Arbitrary<KubeObject> = fc.record({
  apiVersion: fc.constantFrom('v1', 'acme.dev/v1'),
  kind: fc.constantFrom('Pod', 'Widget', 'ConfigMap'),
  metadata: fc.constant({ name: 'web' }),
  spec: fc.record(
    {
      containers: fc.array(container),
      nested: fc.record({ initContainers: fc.array(container) }),
      volumes: fc.array(volume),
      image: name,
      parts: fc.record({ repo: name, tag: fc.constantFrom('', '1') }),
      text: fc.record({ a: name, b: name }).map((it) => JSON.stringify(it)),
      other: json,
    },
    { requiredKeys: [] },
  ),
});
const parts = { repository: 'repo', tag: 'tag' };
const kinds = ['Pod', 'Widget', 'ConfigMap'];
const locators = parseLocators(
  kinds.flatMap((kind) => [
    { kind, path: 'spec.image' },
    { kind, path: 'spec.parts', object: parts },
    { kind, path: 'spec.text', then: 'a' },
    { kind, path: 'spec.text', format: 'json', then: 'b' },
    { kind, path: 'spec.containers[*].image' },
  ]),
  'locators',
);
const uses = [
  use('web', { matchInEnvVars: true, entrypoint: ['x'], containerArgs: [] }),
];
const place = {
  origin: 'a.yaml',
  line: 1,
  column: 1,
  text: 0,
  document: 0,
  path: [],
};

function injected(made: KubeObject, of = uses) {
  const result = injectImages([{ ...place, object: made }], of, locators);
  const [changed = made] = result.objects;
  const [changes = []] = result.changes;
  return { changed, changes, used: result.used };
}

describe('an injection', () => {
  it('is its changes, each of another place', () => {
    fc.assert(
      fc.property(object, (made) => {
        const { changed, changes } = injected(made);
        expect(applyChanges(made, changes)).toEqual(changed);
        const places = changes.map(({ path }) => JSON.stringify(path));
        expect(new Set(places).size).toBe(places.length);
        if (changes.length === 0) expect(changed).toBe(made);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(object, (made) => {
        const { changed } = injected(made);
        const again = injected(changed);
        expect(again.changes).toEqual([]);
        expect(again.changed).toBe(changed);
      }),
    );
  });

  it('leaves what it does not match the same value', () => {
    fc.assert(
      fc.property(object, (made) => {
        expect(injected(made, [use('zzz')]).changed).toBe(made);
      }),
    );
  });

  it('changes images, what belongs to their containers, and nothing else', () => {
    fc.assert(
      fc.property(object, (made) => {
        const { changed } = injected(made);
        const wrong = differences(made, changed).filter(
          (path) => !mayDiffer(made, path),
        );
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('of a text makes the text of what it makes of the object', () => {
    fc.assert(
      fc.property(object, (made) => {
        const text = JSON.stringify(made, null, 2);
        const set = readManifests([{ origin: 'a.yaml', text }]);
        const result = injectImages(set.objects, uses, locators);
        const [edited] = editManifests(set, result.changes);
        expect(JSON.parse(edited?.text ?? '')).toEqual(
          JSON.parse(JSON.stringify(result.objects[0])),
        );
      }),
    );
  });

  it('finds every image that it would change, once', () => {
    fc.assert(
      fc.property(object, (made) => {
        const { changes, used } = injected(made);
        const of = { ...place, object: made };
        const images = findImages(of, locators, NESTED_TEXTS);
        const found = images.map(({ path }) => path);
        for (const { path } of changes) {
          if (!/^(?:image|value|reference)$/.test(String(path.at(-1))))
            continue;
          expect(found.some((one) => isDeepStrictEqual(one, path))).toBe(true);
        }
        expect(used[0]?.places).toBeLessThanOrEqual(found.length);
      }),
    );
  });
});

/** The deepest paths at which two values differ. */
function differences(a: unknown, b: unknown, path: JsonPath = []): JsonPath[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length
      ? a.flatMap((item, at) => differences(item, b[at], [...path, at]))
      : [path];
  }
  if (!isObject(a) || !isObject(b)) return [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) =>
    differences(a[key], b[key], [...path, key]),
  );
}

/** Said once more, from what stands at a path and beside it. */
function mayDiffer(made: KubeObject, path: JsonPath): boolean {
  const at = path.join('.');
  if (/^spec\.(?:image|text|parts\.(?:repo|tag))$/.test(at)) return true;
  const inContainer =
    /^(spec\.(?:containers|nested\.initContainers)\.\d+)\.(?:(image|imagePullPolicy|command|args)(?:\.\d+)?|env\.\d+\.value)$/.exec(
      at,
    );
  const isOurs = (text: unknown) => text === 'web' || text === 'web:1';
  if (inContainer?.[2] !== undefined) {
    const depth = (inContainer[1] ?? '').split('.').length;
    return isOurs(valueAt(made, [...path.slice(0, depth), 'image']));
  }
  if (inContainer) return isOurs(valueAt(made, path));
  const inVolume = /^spec\.volumes\.\d+\.image\.(?:reference|pullPolicy)$/;
  return (
    inVolume.test(at) &&
    isOurs(valueAt(made, [...path.slice(0, -1), 'reference']))
  );
}
