import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { parseReference } from '../image';
import { slipwayError } from '../testing/slipway-error';
import { applyChanges } from './apply-changes';
import { findImages, injectImages } from './inject';
import { parseLocators, type LocatorOption } from './locators';
import { readManifests } from './read';
import type { ImageUse, JsonValue } from './types';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const REF = `registry:5000/web:nx-0123456789abcdef@${DIGEST}`;

const use = (name: string, parts: Partial<ImageUse> = {}): ImageUse => ({
  name: parseReference(name),
  deployRef: parseReference(REF),
  matchInEnvVars: false,
  ...parts,
});

const read = (text: string) =>
  readManifests([{ origin: 'a.yaml', text }]).objects;

/** The one object of a text, with the images in it. */
function inject(
  text: string,
  uses: readonly ImageUse[] = [use('web')],
  locators: LocatorOption[] = [],
) {
  const parsed = parseLocators(locators, 'locators');
  const injection = injectImages(read(text), uses, parsed);
  const [object] = injection.objects;
  return { ...injection, object };
}

const pod = (spec: string, kind = 'Pod', apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n${spec}\n`;

describe('the images of workloads', () => {
  const template =
    'template: { spec: { containers: [{ name: a, image: web }] } }';
  it.each([
    ['Pod', 'v1', 'spec: { containers: [{ name: a, image: web }] }'],
    ['PodTemplate', 'v1', template],
    ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => [
      kind,
      'apps/v1',
      `spec: { ${template} }`,
    ]),
    ['Job', 'batch/v1', `spec: { ${template} }`],
    ['CronJob', 'batch/v1', `spec: { jobTemplate: { spec: { ${template} } } }`],
    ['Service', 'serving.knative.dev/v1', `spec: { ${template} }`],
    [
      'Workflow',
      'argoproj.io/v1alpha1',
      `spec: { templates: [{ spec: { initContainers: [{ name: a, image: web }] } }] }`,
    ],
  ])('stand in a %s of %s', (kind, apiVersion, spec) => {
    const { object, changes } = inject(pod(spec, kind, apiVersion));
    expect(JSON.stringify(object)).toContain(
      `{"name":"a","image":"${REF}","imagePullPolicy":"IfNotPresent"}`,
    );
    expect(changes[0]).toHaveLength(2);
  });

  it('stand in containers of every kind', () => {
    const { used } = inject(
      pod(
        `spec:\n  containers: [{ name: a, image: web }]\n  initContainers: [{ name: b, image: web }]\n  ephemeralContainers: [{ name: c, image: web }]`,
      ),
    );
    expect(used).toEqual([{ use: expect.anything() as object, places: 3 }]);
  });

  it('stand in image volumes, which have a pull policy of their own', () => {
    const { object } = inject(
      pod(
        'spec:\n  containers: [{ name: a, image: other }]\n  volumes: [{ name: v, image: { reference: "web:1", pullPolicy: Always } }, { name: w, emptyDir: {} }]',
      ),
    );
    expect(object).toMatchObject({
      spec: {
        containers: [{ name: 'a', image: 'other' }],
        volumes: [
          { image: { reference: REF, pullPolicy: 'IfNotPresent' } },
          { emptyDir: {} },
        ],
      },
    });
  });

  it('are values of the environment only if somebody says so', () => {
    const text = pod(
      'spec: { containers: [{ name: a, image: other, imagePullPolicy: Always, env: [{ name: A, value: web }, { name: B, value: "web and more" }, { name: C, valueFrom: {} }], args: [web] }] }',
    );
    expect(inject(text).changes).toEqual([[]]);
    const { changes } = inject(text, [use('web', { matchInEnvVars: true })]);
    expect(changes).toEqual([
      [{ path: ['spec', 'containers', 0, 'env', 0, 'value'], value: REF }],
    ]);
  });

  it('get command and args where the image says so, and only there', () => {
    const text = pod(
      'spec: { containers: [{ name: a, image: web, command: [old], args: [old] }, { name: b, image: other, args: [old] }] }',
    );
    const entrypoint = ['sh', '-c', 'x'];
    expect(inject(text, [use('web', { entrypoint })]).object).toMatchObject({
      spec: {
        containers: [
          { command: entrypoint, args: ['old'] },
          { image: 'other', args: ['old'] },
        ],
      },
    });
    expect(
      inject(text, [use('web', { containerArgs: [] })]).object,
    ).toMatchObject({
      spec: { containers: [{ command: ['old'], args: [] }, {}] },
    });
  });

  it('are left alone where they are nobody’s, whatever they are', () => {
    const text = pod(
      'spec: { containers: [{ name: a, image: "" }, { name: b, image: $(IMAGE) }, { name: c, image: auto }, { name: d, image: WEB }, { name: e, image: 7 }] }',
    );
    const { changes, others } = inject(text);
    expect(changes).toEqual([[]]);
    expect(others).toEqual(['auto']);
  });

  it('never stand in a CustomResourceDefinition, nor in data', () => {
    const schema = 'spec: { containers: [{ name: image, image: web }] }';
    for (const [kind, apiVersion] of [
      ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
      ['ConfigMap', 'v1'],
    ] as const) {
      expect(inject(pod(schema, kind, apiVersion)).changes).toEqual([[]]);
    }
    const annotated = `apiVersion: v1\nkind: Pod\nmetadata: { name: x, annotations: { containers: [{ name: a, image: web }] } }\n`;
    expect(inject(annotated).changes).toEqual([[]]);
  });
});

describe('the names of images', () => {
  const image = (text: string) =>
    pod(`spec: { containers: [{ name: a, image: "${text}" }] }`);
  const isOurs = (text: string, ...uses: ImageUse[]) =>
    inject(image(text), uses).used.map(({ places }) => places);

  it.each([
    ['web', 'web'],
    ['docker.io/library/web', 'web'],
    ['docker.io/web:1.2', 'web'],
    [`web@${DIGEST}`, 'web'],
    ['gcr.io/acme/web:dev', 'gcr.io/acme/web'],
    ['web:dev', 'web:dev'],
  ])('%s is %s', (text, name) => {
    expect(isOurs(text, use(name))).toEqual([1]);
  });

  it.each([
    ['web-app', 'web'],
    ['webb', 'web'],
    ['localhost:5000/web', 'web'],
    ['acme/web', 'web'],
    ['web:1', 'web:dev'],
    ['web', 'web:dev'],
  ])('%s is not %s', (text, name) => {
    expect(isOurs(text, use(name))).toEqual([0]);
  });

  it('are exact for all of one name if two have different tags', () => {
    expect(isOurs('web:a', use('web:a'), use('web:b'))).toEqual([1, 0]);
    expect(isOurs('web:b', use('web:a'), use('web:b'))).toEqual([0, 1]);
    expect(isOurs('web:c', use('web'), use('web:b'))).toEqual([0, 0]);
  });

  it('are those of the first of several', () => {
    expect(isOurs('web', use('web'), use('docker.io/library/web'))).toEqual([
      1, 0,
    ]);
  });
});

describe('locators', () => {
  const widget = (spec: string) =>
    pod(`spec: ${spec}`, 'Widget', 'acme.dev/v1');
  const at = (path: string, rest: Partial<LocatorOption> = {}) => [
    { kind: 'Widget', path, ...rest },
  ];

  it('lead to texts, and to a pull policy that stands beside one', () => {
    const text = widget(
      '{ runtime: { image: "web:1", imagePullPolicy: Always }, others: [{ image: web }, { image: x }] }',
    );
    expect(
      inject(text, [use('web')], at('{.spec.runtime.image}')).object,
    ).toMatchObject({
      spec: { runtime: { image: REF, imagePullPolicy: 'IfNotPresent' } },
    });
    const { changes } = inject(text, [use('web')], at('spec.others[*].image'));
    expect(changes).toEqual([
      [{ path: ['spec', 'others', 0, 'image'], value: REF }],
    ]);
  });

  const object = {
    repository: 'repo',
    tag: 'tag',
    registry: 'registry',
    digest: 'digest',
  };
  it('lead to objects that have an image in parts', () => {
    const text = widget(
      '{ image: { registry: docker.io, repo: library/web, tag: "1" } }',
    );
    const { object: found } = inject(
      text,
      [use('web')],
      at('{.spec.image}', { object }),
    );
    expect(found).toMatchObject({
      spec: {
        image: {
          registry: 'registry:5000',
          repo: 'web',
          tag: 'nx-0123456789abcdef',
          digest: DIGEST,
        },
      },
    });
  });

  it.each<[string, object, string, object]>([
    [
      'no registry',
      { repository: 'repo', tag: 'tag' },
      REF,
      { repo: 'registry:5000/web', tag: 'nx-0123456789abcdef' },
    ],
    [
      'a digest alone',
      { repository: 'repo', digest: 'digest' },
      REF,
      { repo: 'registry:5000/web', digest: DIGEST },
    ],
    ['nothing but a repository', { repository: 'repo' }, REF, { repo: REF }],
    [
      'a tag alone, of a ref without one',
      { repository: 'repo', tag: 'tag' },
      `r:5000/web@${DIGEST}`,
      { repo: `r:5000/web@${DIGEST}`, tag: '' },
    ],
    [
      'a digest alone, of a ref without one',
      { repository: 'repo', digest: 'digest' },
      'r:5000/web:nx-1',
      { repo: 'r:5000/web:nx-1' },
    ],
  ])('that has fields for %s', (_, fields, ref, wanted) => {
    const text = widget(
      '{ image: { repo: web, tag: "1" } }'.replace(
        ', tag: "1"',
        'tag' in fields ? ', tag: "1"' : '',
      ),
    );
    const uses = [use('web', { deployRef: parseReference(ref) })];
    const { object: found } = inject(
      text,
      uses,
      at('{.spec.image}', { object: fields as LocatorOption['object'] }),
    );
    expect((found?.spec as { image: object }).image).toEqual(wanted);
  });

  it('lead into YAML in a text, whose comments stay', () => {
    const text = pod(
      'data:\n  config: |\n    # ours\n    job:\n      image: web # here\n      x: 1',
      'ConfigMap',
    );
    const locator = {
      kind: 'ConfigMap',
      name: 'x',
      path: '{.data.config}',
      format: 'yaml' as const,
      then: '{.job.image}',
    };
    const { object: found } = inject(text, [use('web')], [locator]);
    expect(found?.data).toEqual({
      config: `# ours\njob:\n  image: ${REF} # here\n  x: 1\n`,
    });
    expect(
      inject(text, [use('web')], [{ ...locator, name: 'y' }]).changes,
    ).toEqual([[]]);
  });

  it('lead into JSON in YAML in a text', () => {
    const text = pod(
      `data:\n  config: |\n    inner: '{"a":[{"image":"web"},{"image":"web:2"}]}'`,
      'ConfigMap',
    );
    const then = {
      path: 'inner',
      format: 'json' as const,
      then: '{.a[*].image}',
    };
    const { object: found } = inject(
      text,
      [use('web')],
      [{ kind: 'ConfigMap', path: '{.data.config}', format: 'yaml', then }],
    );
    expect(found?.data).toEqual({
      config: `inner: '{"a":[{"image":"${REF}"},{"image":"${REF}"}]}'\n`,
    });
  });

  it('say where what is no text stands', () => {
    expect(() =>
      inject(widget('{ image: 7 }'), [use('web')], at('{.spec.image}')),
    ).toThrow(
      slipwayErrorLike(
        /a\.yaml:1:1: the locator \{\.spec\.image\} leads to spec\.image of Widget\/x, where a number stands/,
      ),
    );
  });

  it('change a container that has the shape of one once', () => {
    const text = widget('{ containers: [{ name: a, image: web }] }');
    const { changes } = inject(
      text,
      [use('web')],
      at('{.spec.containers[0].image}'),
    );
    expect(changes[0]).toHaveLength(2);
  });

  it.each<[unknown, RegExp]>([
    [{}, /is no list/],
    [[7], /locators\[0\] is no object/],
    [[{ kind: 'A' }], /has no path/],
    [[{ path: 'a' }], /every object/],
    [
      [{ kind: 'A', path: '{.a..b}' }],
      /at character 4 "\.\." is not supported/,
    ],
    [[{ kind: 'A', path: '{.a[x]}' }], /at character 4 "\[x\]" is none of/],
    [[{ kind: 'A', path: '{}' }], /names no place/],
    [[{ kind: 'A', path: 'a', format: 'yaml' }], /no "then"/],
    [[{ kind: 'A', path: 'a', format: 'toml', then: 'b' }], /yaml or json/],
    [[{ kind: 'A', path: 'a', object: { tag: 'x' } }], /no repository/],
    [[{ kind: 7, path: 'a' }], /kind is 7/],
    [[{ kind: 'A', path: 'a', object: {}, then: 'b' }], /both object and then/],
  ])('refuse %j', (option, why) => {
    expect(() => parseLocators(option, 'locators')).toThrow(why);
  });

  it('name a key that is misspelt', () => {
    expect(() =>
      parseLocators([{ kinds: 'A', path: 'a' }], 'locators'),
    ).toThrow(/locators\[0\] has no option "kinds"/);
  });
});

describe('an injection', () => {
  const name = fc.constantFrom('web', 'api', 'web-app', 'acme/web', 'web:1');
  const container = fc.record(
    {
      name: fc.constant('a'),
      image: fc.oneof(name, fc.string()),
      env: fc.array(fc.record({ name: fc.constant('A'), value: name })),
      command: fc.array(fc.string()),
      other: fc.jsonValue() as fc.Arbitrary<JsonValue>,
    },
    { requiredKeys: ['image'] },
  );
  const object = fc.record({
    apiVersion: fc.constantFrom('v1', 'acme.dev/v1'),
    kind: fc.constantFrom('Pod', 'Widget'),
    metadata: fc.constant({ name: 'x' }),
    spec: fc.record(
      {
        containers: fc.array(container),
        nested: fc.record({ initContainers: fc.array(container) }),
        other: fc.jsonValue() as fc.Arbitrary<JsonValue>,
      },
      { requiredKeys: [] },
    ),
  });
  const place = {
    origin: 'a.yaml',
    line: 1,
    column: 1,
    text: 0,
    document: 0,
    path: [],
  };
  const uses = [
    use('web', { matchInEnvVars: true, entrypoint: ['x'], containerArgs: [] }),
  ];

  it('changes image places and nothing else, and a second time nothing', () => {
    fc.assert(
      fc.property(object, (made) => {
        const first = injectImages([{ ...place, object: made }], uses, []);
        const [changed = made] = first.objects;
        const [changes = []] = first.changes;
        expect(applyChanges(made, changes)).toEqual(changed);
        const allowed = /^(?:image|imagePullPolicy|command|args|value)$/;
        expect(
          changes.every(({ path }) => allowed.test(String(path.at(-1)))),
        ).toBe(true);
        if (changes.length === 0) expect(changed).toBe(made);
        const again = injectImages([{ ...place, object: changed }], uses, []);
        expect(again.changes).toEqual([[]]);
        expect(again.objects[0]).toBe(changed);
      }),
    );
  });

  it('leaves what it does not match the same value', () => {
    fc.assert(
      fc.property(object, (made) => {
        const none = injectImages(
          [{ ...place, object: made }],
          [use('zzz')],
          [],
        );
        expect(none.objects[0]).toBe(made);
      }),
    );
  });

  it('finds every image that it would change', () => {
    fc.assert(
      fc.property(object, (made) => {
        const of = { ...place, object: made };
        const { changes } = injectImages([of], uses, []);
        const found = findImages(of, []).map(({ path }) => path);
        for (const { path } of changes[0] ?? []) {
          if (!/^(?:image|value)$/.test(String(path.at(-1)))) continue;
          expect(found.some((one) => isDeepStrictEqual(one, path))).toBe(true);
        }
      }),
    );
  });
});

function slipwayErrorLike(why: RegExp) {
  return slipwayError('SLIPWAY_E_MANIFEST', why) as unknown as Error;
}
