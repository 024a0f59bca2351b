import fc from 'fast-check';
import { stringify } from 'yaml';
import { applyChanges } from '../apply-changes';
import { readManifests } from '../read';
import type { Change, JsonPath, JsonValue } from '../types';
import { editManifests } from '.';

const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n';
const REF = 'registry:5000/web:nx-0123456789abcdef@sha256:00';

/** Edits one object, and reads it again. */
function edit(text: string, ...changes: [JsonPath, JsonValue][]): string {
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

const IMAGE: JsonPath = ['spec', 'containers', 0, 'image'];
const POLICY: JsonPath = ['spec', 'containers', 0, 'imagePullPolicy'];

describe('an edited manifest', () => {
  it('keeps comments, order and quoting', () => {
    const text = `# head
${HEAD}spec: # of the pod
  containers:
    # the web
    - image: "web"   # ours
      name: 'web'

    - {name: b, image: b}
# tail
`;
    expect(edit(text, [IMAGE, REF], [POLICY, 'IfNotPresent'])).toBe(`# head
${HEAD}spec: # of the pod
  containers:
    # the web
    - image: "${REF}"   # ours
      imagePullPolicy: IfNotPresent
      name: 'web'

    - {name: b, image: b}
# tail
`);
  });

  it('keeps single quotes, and plain texts where they can be plain', () => {
    const text = `${HEAD}spec: {containers: [{image: 'web', a: web}]}`;
    const A: JsonPath = ['spec', 'containers', 0, 'a'];
    expect(edit(text, [IMAGE, "it's"], [A, 'yes'])).toBe(
      `${HEAD}spec: {containers: [{image: 'it''s', a: "yes"}]}`,
    );
  });

  it('keeps CRLF, the byte order mark and the other documents', () => {
    const text = `\uFEFF# one\r\n${HEAD}spec:\r\n  containers:\r\n  - image: web\r\n---\r\n# two\n${HEAD.replace('web', 'b')}`;
    expect(edit(text, [IMAGE, REF], [POLICY, 'Never'])).toBe(
      text.replace(
        '- image: web\r\n',
        `- image: ${REF}\r\n    imagePullPolicy: Never\r\n`,
      ),
    );
  });

  it('is JSON where it was JSON', () => {
    const text =
      '{\n  "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},\n  "spec": {"containers": [{\n    "image": "web"\n  }]}\n}\n';
    const edited = edit(text, [IMAGE, REF], [POLICY, 'Never']);
    expect(JSON.parse(edited)).toMatchObject({ kind: 'Pod' });
    expect(edited).toContain(
      `    "image": "${REF}",\n    "imagePullPolicy": "Never"\n`,
    );
  });

  it('changes an item of a List', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- ${HEAD.trim().replaceAll('\n', '\n  ')}\n  spec:\n    containers:\n    - image: web\n`;
    expect(edit(text, [IMAGE, REF])).toBe(
      text.replace('image: web', `image: ${REF}`),
    );
  });

  it('adds a key after a list that stands as far left as its key', () => {
    const text = `${HEAD}spec:\n  containers:\n  - image: web\n    ports:\n    - a\n  x: 1\n`;
    const args: JsonPath = ['spec', 'containers', 0, 'args'];
    expect(edit(text, [args, ['a', 'b: c']])).toBe(
      text.replace('image: web\n', 'image: web\n    args: ["a","b: c"]\n'),
    );
  });

  it('replaces a list, wherever it stands', () => {
    const command: JsonPath = ['spec', 'containers', 0, 'command'];
    const text = `${HEAD}spec:\n  containers:\n  - image: web\n    command:\n    - a # one\n    - b\n    name: web\n`;
    expect(edit(text, [command, ['c']])).toBe(
      text.replace('command:\n    - a # one\n    - b\n', 'command: ["c"]\n'),
    );
    const flow = `${HEAD}spec: {containers: [{image: web, command: [a, b]}]}`;
    expect(edit(flow, [command, []])).toBe(flow.replace('[a, b]', '[]'));
  });

  it('fills a key that stands there without a value', () => {
    const text = `${HEAD}spec:\n  containers:\n  - image: web\n    args: # none\n`;
    const args: JsonPath = ['spec', 'containers', 0, 'args'];
    expect(edit(text, [args, ['a']])).toContain('args: ["a"] # none\n');
  });

  it('rewrites a literal block with its indentation', () => {
    const text = `${HEAD}data:\n  config: |  # yaml\n    image: web\n\n    b: 1\nx: 1\n`;
    expect(edit(text, [['data', 'config'], `image: ${REF}\n\nb: 1\n`])).toBe(
      text.replace('image: web', `image: ${REF}`),
    );
  });

  it.each([
    ['no line end at its end', 'image: a\nb: 1'],
    ['several', 'image: a\n\n\n'],
    ['a first line that is indented', '  image: a\n'],
    ['a tab', '\ta\n'],
    ['nothing', ''],
  ])('rewrites a block with a text that has %s', (_, value) => {
    const text = `${HEAD}data:\n  config: |\n    image: web\nx: 1\n`;
    edit(text, [['data', 'config'], value]);
  });

  it('leaves what an alias of the place says elsewhere', () => {
    const text = `${HEAD}spec:\n  containers:\n  - image: &img web # here\n    name: *img\n`;
    expect(edit(text, [IMAGE, REF])).toBe(
      text.replace('&img web', `&img ${REF}`).replace('*img', '"web"'),
    );
  });

  it('gives an alias a value of its own', () => {
    const text = `${HEAD}x: &c [{image: web, name: a}]\nspec:\n  containers: *c\n`;
    expect(edit(text, [IMAGE, REF])).toBe(
      text.replace(
        'containers: *c',
        `containers: [{"image":"${REF}","name":"a"}]`,
      ),
    );
  });

  it('leaves aliases that change alike', () => {
    const text = `${HEAD}spec:\n  containers:\n  - &c\n    image: web\n    name: a\n  - *c\n`;
    const second: JsonPath = ['spec', 'containers', 1, 'image'];
    expect(edit(text, [IMAGE, REF], [second, REF])).toBe(
      text.replace('image: web', `image: ${REF}`),
    );
  });

  it('adds an explicit key beside a merge', () => {
    const text = `${HEAD}x: &base {image: web}\nspec:\n  containers:\n  - <<: *base\n    name: a # last\n`;
    expect(edit(text, [IMAGE, REF])).toBe(
      text.replace('# last\n', `# last\n    image: ${REF}\n`),
    );
  });

  it('changes the base of a merge and not what merges it', () => {
    const text = `${HEAD}spec:\n  containers:\n  - &base\n    image: web\nother:\n  <<: *base\n`;
    edit(text, [IMAGE, REF]);
  });

  it('gives comments up rather than be wrong', () => {
    const text = `${HEAD}x: &base {image: web}\nspec:\n  containers:\n  - image: other\n    <<: *base\n`;
    const edited = edit(text, [IMAGE, REF]);
    expect(edited).toContain(REF);
  });

  const key = fc.oneof(
    fc.constantFrom('image', 'name', 'on', '1', '<<x', 'a b', '#c', ''),
    fc.string({ maxLength: 5 }),
  );
  const text = fc.oneof(
    fc.constantFrom('web', 'yes', '0644', '1e3', '', '~', 'a: b', '- a', '# x'),
    fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .map((s) => s.replace(/[\p{Cc}]/gu, '')),
    fc.constantFrom('one\ntwo\n', '  a\n b', 'x\n\n'),
  );
  const value = fc.letrec<{ value: JsonValue; node: JsonValue }>((tie) => ({
    node: fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
    value: fc.oneof(
      { depthSize: 'small' },
      tie('node'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  /** In block and in flow, with lists indented and not. */
  const yaml = fc
    .tuple(
      fc.dictionary(key, value, { minKeys: 1, maxKeys: 5 }),
      fc.constantFrom('block', 'flat', 'flow', 'json'),
    )
    .map(([spec, style]) => {
      const object = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web' },
        spec,
      };
      if (style === 'json') return JSON.stringify(object, null, 2);
      return stringify(object, {
        version: '1.1',
        lineWidth: 0,
        indentSeq: style !== 'flat',
        collectionStyle: style === 'flow' ? 'flow' : 'any',
        defaultStringType: 'QUOTE_DOUBLE',
        defaultKeyType: 'QUOTE_DOUBLE',
        blockQuote: style === 'block' ? 'literal' : false,
      });
    });

  it('is the same byte for byte if nothing changes', () => {
    fc.assert(
      fc.property(yaml, (made) => {
        expect(edit(made)).toBe(made);
      }),
    );
  });

  it('says what it must, whatever place changes', () => {
    fc.assert(
      fc.property(yaml, fc.nat(), value, (made, pick, wanted) => {
        const [read] = readManifests([{ origin: 'a', text: made }]).objects;
        const paths = pathsIn(read?.object.spec as JsonValue, ['spec']);
        const path = paths[pick % paths.length] ?? ['spec'];
        edit(made, [path, wanted]);
      }),
      { numRuns: 300 },
    );
  });
});

function pathsIn(value: JsonValue, path: JsonPath): JsonPath[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? (value as JsonValue[]).flatMap((item, index) =>
        pathsIn(item, [...path, index]),
      )
    : Object.entries(value).flatMap(([key, item]) =>
        pathsIn(item, [...path, key]),
      );
  return [path, ...inner];
}
