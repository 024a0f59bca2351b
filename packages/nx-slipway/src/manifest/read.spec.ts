import { errorOf } from '../testing/slipway-error';
import { readManifests } from './read';
import {
  BY_KUBECTL,
  CORPUS,
  REFUSED,
  SCALAR_DOCUMENTS,
} from './testing/corpus';

const read = (...texts: string[]) =>
  readManifests(
    texts.map((text, index) => ({ origin: `${index}.yaml`, text })),
  );
const failure = (...texts: string[]) =>
  errorOf(Promise.resolve().then(() => read(...texts)));

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\n';

describe('readManifests', () => {
  it('tells where each object stands', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${POD.trim().replaceAll('\n', '\n    ').replace('x', 'two')}\n`;
    const { objects } = read(
      `# one\n\n${POD}---\n---\n${list}`,
      POD.replace('x', 'z'),
    );
    expect(
      objects.map(({ object, origin, line, column, text, document, path }) => [
        object.metadata.name,
        `${origin}:${line}:${column}`,
        [text, document, ...path],
      ]),
    ).toEqual([
      ['x', '0.yaml:3:1', [0, 0]],
      ['two', '0.yaml:11:5', [0, 2, 'items', 0]],
      ['z', '1.yaml:1:1', [1, 0]],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n\n'],
    ['comments', '# a\n---\n# b\n'],
    ['separators', '---\n---\n'],
    ['an empty List', 'apiVersion: v1\nkind: List\nitems: []\n'],
  ])('finds no object in %s', (_, text) => {
    expect(read(text).objects).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['a list', '- a\n', /^0\.yaml:1:1: here stands no object/],
    [
      'no kind',
      'apiVersion: v1\nmetadata: {name: x}\n',
      /:1:1: an object has no kind/,
    ],
    ['no apiVersion', 'kind: Pod\nmetadata: {name: x}\n', /has no apiVersion/],
    [
      'no name',
      'apiVersion: v1\nkind: Pod\nmetadata: {}\n',
      /metadata\.name of the Pod is missing/,
    ],
    [
      'a name that is a number',
      POD.replace(' x ', ' 1e3 '),
      /is 1000, not a text/,
    ],
    [
      'generateName',
      POD.replace('name: x', 'generateName: x-'),
      /another object at each deploy/,
    ],
    [
      'a mistake in the second document',
      `${POD}---\na: b: c\n`,
      /^0\.yaml:5:4: Nested mappings/,
    ],
    [
      'an integer that JavaScript would change',
      `${POD}spec: {a: 9007199254740993}\n`,
      /:4:11: the integer 9007199254740993/,
    ],
    [
      'two documents without a separator',
      `${POD}...\n${POD}`,
      /begins after "\.\.\."/,
    ],
  ])('says where and why of %s', async (_, text, why) => {
    expect((await failure(text)).message).toMatch(why);
  });

  it.each([
    ['brackets', `spec: ${'['.repeat(501)}${']'.repeat(501)}\n`],
    ['more of them', `spec: ${'['.repeat(20_000)}\n`],
    ['dashes', `spec:\n${'- '.repeat(5000)}\n`],
  ])('says that %s are nested too deep', async (_, text) => {
    const { message } = await failure(`${POD}${text}`);
    expect(message).toMatch(/^0\.yaml:\d+:\d+: nested deeper than 500 levels/);
  });

  it('refuses a text that is too large before it reads it', async () => {
    const { message } = await failure(`#${'x'.repeat(64 * 1024 * 1024)}`);
    expect(message).toMatch(/^0\.yaml:1:1: it is larger than 67108864 char/);
  });

  it('reads what is nested as deep as may be', () => {
    const text = `${POD}spec: ${'['.repeat(500)}${']'.repeat(500)}\n`;
    expect(read(text).objects).toHaveLength(1);
  });

  it('hints at a chart where it reads a template of one', async () => {
    const { hint } = await failure('a: {{ .Values.x }}\n');
    expect(hint).toContain('"helm"');
  });

  it('names both places of an object that stands twice', async () => {
    const { message } = await failure(POD, `${POD}`.replace('v1', 'v1'));
    expect(message).toBe('1.yaml:1:1: Pod/x stands at 0.yaml:1:1 already.');
    const other = POD.replace('name: x', 'name: x, namespace: other');
    expect(read(POD, other).objects).toHaveLength(2);
  });

  it.each(['""', 'null', ''])('has no namespace that is %j', (namespace) => {
    const pod = POD.replace('name: x', `name: x, namespace: ${namespace}`);
    expect(read(pod).objects[0]?.object.metadata).toEqual({ name: 'x' });
  });

  it('reads scalars as YAML 1.1 has them', () => {
    const wanted = {
      '0644': 420,
      '0o644': 420,
      on: true,
      y: true,
      '1e3': 1000,
      '08': 8,
      '1_000': 1000,
      '~': null,
      '1:30': '1:30',
      '1e400': '1e400',
      '2001-01-01': '2001-01-01',
    };
    const text = Object.keys(wanted)
      .map((scalar, at) => `${POD.replace('x', `x${at}`)}spec: ${scalar}\n`)
      .join('---\n');
    const found = read(text).objects.map(({ object }) => object.spec);
    expect(found).toEqual(Object.values(wanted));
    const scalars = read(SCALAR_DOCUMENTS).objects.map(
      ({ object }) => object.data as { a: unknown },
    );
    expect(scalars.map(({ a }) => a)).toEqual(BY_KUBECTL['every scalar']);
  });

  it.each(Object.keys(CORPUS))('reads what kubectl reads: %s', (name) => {
    const { objects } = read(CORPUS[name] ?? '');
    expect(objects.map(({ object }) => object)).toEqual(BY_KUBECTL[name]);
  });

  it.each(Object.keys(REFUSED))(
    'refuses what kubectl refuses: %s',
    async (name) => {
      const { code } = await failure(REFUSED[name] ?? '');
      expect(code).toBe('SLIPWAY_E_MANIFEST');
    },
  );
});
