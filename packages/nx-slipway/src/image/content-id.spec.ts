import fc from 'fast-check';
import { sha256 } from '../testing/arbitraries';
import {
  CONFIG_FIELDS,
  contentId,
  contentTag,
  identityOfConfig,
  identityOfInspect,
  indexContentId,
  type OciImageConfig,
  type RuntimeIdentity,
} from './content-id';

type Fields = Readonly<Record<string, unknown>>;

const word = fc.stringMatching(/^[a-z=/.]{1,8}$/);
const words = fc.array(word, { maxLength: 3 });
const set = fc.dictionary(word, fc.constant({}), { maxKeys: 3 });
const labels = fc.dictionary(word, fc.string(), { maxKeys: 3 });
const healthcheck = fc.record(
  { Test: words, Interval: fc.nat(), Retries: fc.nat() },
  { requiredKeys: [] },
);

type Field = (typeof CONFIG_FIELDS)[number];

/** Each field that counts, of its own kind. */
const everyField: Record<Field, fc.Arbitrary<unknown>> = {
  User: word,
  ExposedPorts: set,
  Env: words,
  Entrypoint: words,
  Cmd: words,
  Volumes: set,
  WorkingDir: word,
  Labels: labels,
  StopSignal: word,
  Healthcheck: healthcheck,
  OnBuild: words,
  Shell: words,
  ArgsEscaped: fc.boolean(),
};
const config: fc.Arbitrary<Fields> = fc.record(everyField, {
  requiredKeys: [],
});

const image = fc.record({
  architecture: fc.constantFrom('amd64', 'arm64'),
  os: fc.constantFrom('linux', 'windows'),
  variant: fc.option(fc.constant('v8'), { nil: undefined }),
  config,
  rootfs: fc.record({ diff_ids: fc.array(sha256, { maxLength: 4 }) }),
});

const idOf = (of: OciImageConfig) => contentId(identityOfConfig(of));

/** An image with that much more in its config. */
function withConfig(of: OciImageConfig, fields: Fields): OciImageConfig {
  return { ...of, config: { ...of.config, ...fields } };
}

function withLabels(of: OciImageConfig, more: Fields): OciImageConfig {
  const before = of.config?.Labels as Fields | undefined;
  return withConfig(of, { Labels: { ...before, ...more } });
}

/** The same value, its objects' keys in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, v]) => [key, reversed(v)]));
}

/** A value as text that is the same for values which mean the same. */
function inOrder(value: unknown, field: Field): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return JSON.stringify(value);
  }
  // A health check of 0 retries is one that says nothing of them.
  const says = (v: unknown) =>
    field !== 'Healthcheck' || (Array.isArray(v) ? v.length > 0 : v !== 0);
  return JSON.stringify(
    Object.entries(value)
      .filter(([, inner]) => says(inner))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

describe('contentId', () => {
  it('is a sha256 digest', () => {
    expect(contentId({ diffIds: [] })).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  // A change here means that every image of every user gets another tag.
  it('stays what it was in the first release', () => {
    const identity: RuntimeIdentity = {
      architecture: 'amd64',
      os: 'linux',
      config: { Env: ['PATH=/bin'], Cmd: ['sh'], Labels: { a: '' } },
      diffIds: [`sha256:${'1'.repeat(64)}`],
    };
    expect(contentId(identity)).toBe(
      'sha256:bfdc281d2e9f970d9a7e49da3ab7b039c9a9dfe7f7c7d7ccd7c7bdedae2f747f',
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(image, (of) => {
        expect(idOf(reversed(of) as OciImageConfig)).toBe(idOf(of));
      }),
    );
  });

  it.each(CONFIG_FIELDS)('tells any two values of %s apart', (field) => {
    const value = everyField[field];
    fc.assert(
      fc.property(image, value, value, (of, a, b) => {
        const ids = [a, b].map((v) => idOf(withConfig(of, { [field]: v })));
        const shown = [a, b].map((v) => inOrder(v, field));
        expect(ids[0] === ids[1]).toBe(shown[0] === shown[1]);
      }),
    );
  });

  it('leaves out when, by whom and how the image was made', () => {
    const history = fc.array(fc.record({ created_by: fc.string() }));
    fc.assert(
      fc.property(image, fc.string(), history, (of, text, steps) => {
        const made = { created: text, author: text, history: steps };
        const again = { ...withConfig(of, { Hostname: text }), ...made };
        expect(idOf(again)).toBe(idOf(of));
      }),
    );
  });

  it.each([
    'org.opencontainers.image.created',
    'org.opencontainers.image.revision',
  ])('leaves out the label %s', (label) => {
    fc.assert(
      fc.property(image, fc.string(), (of, value) => {
        expect(idOf(withLabels(of, { [label]: value }))).toBe(idOf(of));
      }),
    );
  });

  it('counts every other label, even an empty one', () => {
    fc.assert(
      fc.property(image, fc.string(), (of, value) => {
        const more = { 'org.opencontainers.image.version': value };
        expect(idOf(withLabels(of, more))).not.toBe(idOf(of));
      }),
    );
  });

  it('takes null, absent and empty for the same', () => {
    const empty = fc.constantFrom(null, undefined, '', [], {}, false);
    const field = fc.constantFrom(...CONFIG_FIELDS);
    fc.assert(
      fc.property(image, field, empty, (of, name, nothing) => {
        const without = Object.entries(of.config).filter(([f]) => f !== name);
        expect(idOf(withConfig(of, { [name]: nothing }))).toBe(
          idOf({ ...of, config: Object.fromEntries(without) }),
        );
      }),
    );
    const bare = idOf({ config: {}, rootfs: { diff_ids: [] } });
    expect(idOf({ config: null, rootfs: null })).toBe(bare);
    expect(idOf({ variant: '', 'os.version': '' })).toBe(bare);
  });

  it.each(CONFIG_FIELDS)('counts the config field %s', (field) => {
    const valueOf: Partial<Record<Field, unknown>> = {
      ArgsEscaped: true,
      ExposedPorts: { '81/tcp': {} },
      Volumes: { '/changed': {} },
      Labels: { changed: '1' },
      Healthcheck: { Test: ['changed'], StartPeriod: 1 },
    };
    // Upper case, which the generated images have not.
    const value = valueOf[field] ?? ['CHANGED'];
    fc.assert(
      fc.property(image, (of) => {
        fc.pre(of.config[field] !== true);
        expect(idOf(withConfig(of, { [field]: value }))).not.toBe(idOf(of));
      }),
    );
  });

  it.each(['architecture', 'os', 'os.version', 'variant'])(
    'counts %s',
    (field) => {
      fc.assert(
        fc.property(image, (of) => {
          expect(idOf({ ...of, [field]: 'other' })).not.toBe(idOf(of));
        }),
      );
    },
  );

  it('counts each layer, its place and its absence', () => {
    fc.assert(
      fc.property(image, fc.nat(), sha256, (of, seed, layer) => {
        const layers = of.rootfs.diff_ids;
        const at = seed % (layers.length + 1);
        const more = [...layers.slice(0, at), layer, ...layers.slice(at)];
        const less = layers.filter((_, index) => index !== at);
        const ids = [layers, more].map((diff_ids) =>
          idOf({ ...of, rootfs: { diff_ids } }),
        );
        expect(ids[0]).not.toBe(ids[1]);
        if (at === layers.length) return;
        expect(idOf({ ...of, rootfs: { diff_ids: less } })).not.toBe(ids[0]);
      }),
    );
    const [a, b] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
    expect(contentId({ diffIds: [a, b] })).not.toBe(
      contentId({ diffIds: [b, a] }),
    );
  });

  it('counts the order of lists, which decides what runs', () => {
    const first = withConfig({}, { Env: ['A=1', 'A=2'] });
    const second = withConfig({}, { Env: ['A=2', 'A=1'] });
    expect(idOf(first)).not.toBe(idOf(second));
  });

  it('is the same from Docker inspect and from the OCI config', () => {
    fc.assert(
      fc.property(image, fc.string(), (of, other) => {
        // Docker's view tells more, in other words, and null for nothing.
        const inspect = identityOfInspect({
          Architecture: of.architecture,
          Os: of.os,
          Variant: of.variant ?? '',
          OsVersion: '',
          Config: {
            Hostname: '',
            AttachStdin: false,
            Image: other,
            OnBuild: null,
            Volumes: null,
            ...of.config,
          },
          RootFS: { Layers: of.rootfs.diff_ids },
        });
        expect(contentId(inspect)).toBe(idOf(of));
      }),
    );
    expect(contentId(identityOfInspect({ Config: null, RootFS: null }))).toBe(
      idOf({}),
    );
  });
});

describe('indexContentId', () => {
  const ids = fc.uniqueArray(sha256, { minLength: 1, maxLength: 4 });

  // As above: another value is another tag for every user's image.
  it('stays what it was in the first release', () => {
    expect(indexContentId([`sha256:${'1'.repeat(64)}`])).toBe(
      'sha256:09f75b5348524c281aa30d1a7ee32441a732b5739c61b5d2b7ff60191fd69cc7',
    );
  });

  it('does not depend on the order of the images', () => {
    fc.assert(
      fc.property(ids, (of) => {
        expect(indexContentId([...of].reverse())).toBe(indexContentId(of));
      }),
    );
  });

  it('counts each image, and is the id of none', () => {
    fc.assert(
      fc.property(ids, (of) => {
        const id = indexContentId(of);
        expect(indexContentId(of.slice(1))).not.toBe(id);
        expect(of).not.toContain(id);
      }),
    );
  });

  it('leaves the list as it is', () => {
    const list = Object.freeze(['b', 'a']);
    expect(indexContentId(list)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('contentTag', () => {
  it('is the prefix and the first 16 digits of the id', () => {
    const id = `sha256:0123456789abcdef${'f'.repeat(48)}`;
    expect(contentTag(id, 'nx')).toBe('nx-0123456789abcdef');
  });
});
