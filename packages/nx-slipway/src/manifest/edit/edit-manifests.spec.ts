import type { JsonPath } from '../../locate';
import { edit } from '../testing/edit-object';

const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n';
const REF = 'registry:5000/web:nx-0123456789abcdef@sha256:00';

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

  it('adds a key behind a merge that would win over it', () => {
    const text = `${HEAD}x: &base {imagePullPolicy: Always}\nspec:\n  containers:\n  - image: web\n    <<: *base # all\n    name: a\n`;
    expect(edit(text, [IMAGE, REF], [POLICY, 'Never'])).toBe(
      text
        .replace('image: web', `image: ${REF}`)
        .replace('name: a\n', 'name: a\n    imagePullPolicy: Never\n'),
    );
  });

  it('leaves the document after a block at the end of another', () => {
    const text = `${HEAD}spec:\n  containers:\n  - image: >- # here\n      web\n---\n${HEAD.replace('web', 'b')}`;
    expect(edit(text, [IMAGE, 7])).toBe(
      text.replace('>- # here\n      web', '7 # here'),
    );
  });

  it('replaces each text of a list as long as before where it stands', () => {
    const command: JsonPath = ['spec', 'containers', 0, 'command'];
    const text = `${HEAD}spec:\n  containers:\n  - image: web\n    command:\n    - 'a' # one\n    # two\n    - b\n`;
    expect(edit(text, [command, ['c', 'd']])).toBe(
      text.replace("'a'", "'c'").replace('- b', '- d'),
    );
  });

  it('quotes a key that would be read as something else', () => {
    const key: JsonPath = ['spec', 'containers', 0, 'on'];
    const text = `${HEAD}spec: {containers: [{image: web}]}\n`;
    expect(edit(text, [key, 'x'])).toBe(
      text.replace('{image: web}', '{image: web, "on": x}'),
    );
  });

  it('gives an alias a value when its anchor goes with the list it is in', () => {
    const text = `${HEAD}spec:\n  containers: # all\n  - image: &img web\n  - name: b\nx: *img\n`;
    expect(edit(text, [['spec', 'containers'], []])).toBe(
      `${HEAD}spec:\n  containers: [] # all\nx: "web"\n`,
    );
  });

  it('escapes what JSON may hold and YAML may not', () => {
    const text = `${HEAD}spec:\n  containers:\n  - image: web\n`;
    expect(edit(text, [IMAGE, 'a\u2028\u0085\u007f\ufeff'])).toContain(
      'image: "a\\u2028\\u0085\\u007f\\ufeff"',
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
});
