import { parseReference } from '../image';
import { slipwayError } from '../testing/slipway-error';
import type { LocatorOption } from './locators';
import { DIGEST, REF, inject, pod, use } from '../testing/injecting';

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
      { repo: 'r:5000/web@sha256', tag: '0'.repeat(64) },
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
      slipwayError(
        'SLIPWAY_E_MANIFEST',
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

  it('of which two lead into one text change both places', () => {
    const text = pod(
      'data:\n  config: |\n    job: { image: web }\n    # and\n    other: { image: web }',
      'ConfigMap',
    );
    const at = (then: string) => ({
      kind: 'ConfigMap',
      path: '{.data.config}',
      then,
    });
    const result = inject(
      text,
      [use('web')],
      [at('job.image'), at('other.image'), at('job.image')],
    );
    expect(result.changes[0]).toHaveLength(1);
    expect(result.text).toBe(text.replaceAll('image: web', `image: ${REF}`));
    expect(result.used[0]?.places).toBe(2);
  });

  it('lead into every document of a text', () => {
    const text = pod(
      'data:\n  config: |\n    image: web # one\n    ---\n    # none\n    ---\n    image: other',
      'ConfigMap',
    );
    const at = { kind: 'ConfigMap', path: 'data.config', then: 'image' };
    const result = inject(text, [use('web')], [at]);
    expect(result.text).toBe(text.replace('image: web', `image: ${REF}`));
    expect(result.others).toEqual(['other']);
  });

  it.each<[string, string, RegExp]>([
    ['no YAML', 'a: [1', /a\.yaml:1 ConfigMap\/x data\.config:2:1: /],
    ['an alias of nothing', 'a: *x', /data\.config:1:4: there is no anchor &x/],
    ['a number', 'image: 7', /leads to data\.config\.image of ConfigMap\/x/],
  ])('say where in a text %s stands', (_, config, why) => {
    const text = pod(`data:\n  config: |\n    ${config}`, 'ConfigMap');
    const at = { kind: 'ConfigMap', path: 'data.config', then: 'image' };
    expect(() => inject(text, [use('web')], [at])).toThrow(
      slipwayError('SLIPWAY_E_MANIFEST', why),
    );
  });

  it('keep JSON that is indented by tabs', () => {
    const json = '{\n\t"image": "web",\n\t"u": "\\ud83d\\ude00\\/"\n}';
    const text = pod(`data: { config: ${JSON.stringify(json)} }`, 'ConfigMap');
    const at = {
      kind: 'ConfigMap',
      path: 'data.config',
      format: 'json' as const,
      then: 'image',
    };
    expect(inject(text, [use('web')], [at]).object?.data).toEqual({
      config: json.replace('"web"', `"${REF}"`),
    });
  });

  it('count a place once, whoever leads there', () => {
    const text = widget('{ containers: [{ name: a, image: web }] }');
    const result = inject(
      text,
      [use('web')],
      [...at('spec.containers[*].image'), ...at('spec.containers[-1].image')],
    );
    expect(result.used[0]?.places).toBe(1);
    expect(result.others).toEqual([]);
  });

  it('part two images that stand in one object', () => {
    const { object: found } = inject(
      widget('{ a: web, b: web, bTag: 1 }'),
      [use('web')],
      [
        ...at('spec', { object: { repository: 'a' } }),
        ...at('spec', { object: { repository: 'b', tag: 'bTag' } }),
      ],
    );
    expect(found?.spec).toEqual({
      a: REF,
      b: 'registry:5000/web',
      bTag: 'nx-0123456789abcdef',
    });
  });

  it('read a tag that is a number, and refuse a repository that is one', () => {
    const fields = { object: { repository: 'repo', tag: 'tag' } };
    const { used } = inject(
      widget('{ image: { repo: web, tag: 1.2 } }'),
      [use('web:1.2')],
      at('spec.image', fields),
    );
    expect(used[0]?.places).toBe(1);
    expect(() =>
      inject(
        widget('{ image: { repo: 7 } }'),
        [use('web')],
        at('spec.image', fields),
      ),
    ).toThrow(
      slipwayError('SLIPWAY_E_MANIFEST', /spec\.image\.repo of Widget\/x/),
    );
  });

  it('of metadata change annotations alone', () => {
    const text =
      'apiVersion: acme.dev/v1\nkind: Widget\nmetadata: { name: web, annotations: { acme.dev/image: web } }\nspec: { name: web }\n';
    const { object: found } = inject(
      text,
      [use('web')],
      [...at('{.*.name}'), ...at('{.metadata.annotations.acme\\.dev/image}')],
    );
    expect(found).toMatchObject({
      metadata: { name: 'web', annotations: { 'acme.dev/image': REF } },
      spec: { name: REF },
    });
  });

  it('find elements by a field', () => {
    const { changes } = inject(
      widget('{ parts: [{ name: a, image: web }, { name: b, image: web }] }'),
      [use('web')],
      at('{.spec.parts[?(@.name=="b")].image}'),
    );
    expect(changes).toEqual([
      [{ path: ['spec', 'parts', 1, 'image'], value: REF }],
    ]);
  });

  it.each<[Partial<LocatorOption>, number]>([
    [{ apiVersion: 'acme.dev/*' }, 1],
    [{ apiVersion: 'acme.dev/v2' }, 0],
    [{ apiVersion: 'acme/*' }, 0],
    [{ kind: 'widget' }, 0],
    [{ name: 'x' }, 1],
    [{ namespace: 'shop' }, 0],
  ])('with %j are for %i of the objects', (selectors, places) => {
    const locator = { kind: 'Widget', path: 'spec.image', ...selectors };
    const { used } = inject(widget('{ image: web }'), [use('web')], [locator]);
    expect(used[0]?.places).toBe(places);
  });
});
