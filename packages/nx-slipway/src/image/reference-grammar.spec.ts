import fc from 'fast-check';
import { SlipwayError } from '../report';
import {
  familiarName,
  formatReference,
  parseReference,
  type ImageReference,
} from './reference';

/**
 * The grammar of the distribution project once more, straight from the EBNF at
 * the head of https://github.com/distribution/reference/blob/main/reference.go;
 * where that is looser than its code (the separators), as the code has it.
 */
const ALPHANUMERIC = '[a-z0-9]+';
const SEPARATOR = '([_.]|__|[-]+)';
const PATH_COMPONENT = `${ALPHANUMERIC}(${SEPARATOR}${ALPHANUMERIC})*`;
const REMOTE_NAME = `${PATH_COMPONENT}(/${PATH_COMPONENT})*`;
const DOMAIN_COMPONENT = '([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN_NAME = `${DOMAIN_COMPONENT}(\\.${DOMAIN_COMPONENT})*`;
const HOST = `(${DOMAIN_NAME}|\\[[a-fA-F0-9:]+\\])`;
const DOMAIN = `${HOST}(:[0-9]+)?`;
const TAG = '\\w[\\w.-]{0,127}';
const ALGORITHM = '[A-Za-z][A-Za-z0-9]*([+._-][A-Za-z][A-Za-z0-9]*)*';
const DIGEST = `${ALGORITHM}:[0-9a-fA-F]{32,}`;
const HEX_LENGTHS = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);
const NORMALISED = new RegExp(
  `^(?<domain>${DOMAIN})/(?<path>${REMOTE_NAME})(:(?<tag>${TAG}))?(@(?<digest>${DIGEST}))?$`,
);

/**
 * What the grammar makes of a text, after the normalisation of Docker
 * (`splitDockerDomain` in its normalize.go).
 */
function byGrammar(text: string): Partial<ImageReference> | undefined {
  if (/^[a-f0-9]{64}$/.test(text)) return undefined;
  const { domain, path, tag, digest } =
    NORMALISED.exec(normalise(text))?.groups ?? {};
  // Ours is the older and shorter limit: the domain counts, too.
  if (!domain || !path || `${domain}/${path}`.length > 255) return undefined;
  const [algorithm = '', hex = ''] = digest?.split(':') ?? [];
  // Theirs refuses algorithms that it does not know; ours lets them pass.
  const length = HEX_LENGTHS.get(algorithm);
  const isWhole = new RegExp(`^[a-f0-9]{${length ?? ''}}$`).test(hex);
  if (length !== undefined && !isWhole) return undefined;
  return { domain, path, tag, digest };
}

function normalise(text: string): string {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const isDomain = first === 'localhost' || /[.:A-Z]/.test(first);
  const domain = isDomain ? first : 'docker.io';
  const rest = isDomain ? text.slice(slash + 1) : text;
  if (domain !== 'docker.io' && domain !== 'index.docker.io') return text;
  return `docker.io/${rest.includes('/') ? rest : `library/${rest}`}`;
}

function parsed(text: string): ImageReference | undefined {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

/** A text of the grammar; `maxLength` keeps generated runs short. */
const of = (pattern: string) =>
  fc.stringMatching(new RegExp(`^${pattern}$`), { maxLength: 40 });
const optional = (part: fc.Arbitrary<string>) =>
  fc.option(part, { nil: '', freq: 1 });
const joined = (...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((texts) => texts.join(''));

const digest = fc.oneof(
  fc.stringMatching(/^sha256:[a-f0-9]{64}$/),
  fc.stringMatching(/^sha512:[a-f0-9]{128}$/),
  fc.stringMatching(
    /^[A-Za-z][a-z0-9]{0,5}([+._-][A-Za-z]{1,4})?:[0-9a-fA-F]{32,40}$/,
  ),
);
const valid = joined(
  optional(joined(of(DOMAIN), fc.constant('/'))),
  of(REMOTE_NAME),
  optional(joined(fc.constant(':'), of(TAG))),
  optional(joined(fc.constant('@'), digest)),
);

/** A text with one piece of it taken out, put in or put in its place. */
const mutated = fc
  .record({
    text: valid,
    at: fc.nat(),
    removed: fc.nat(2),
    added: fc.oneof(
      fc.constantFrom(...' \n\0:/@._-[]%$A0é', '', '//', '__', '___', '..'),
      fc.string({ maxLength: 2 }),
    ),
  })
  .map(({ text, at, removed, added }) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + added + text.slice(from + removed);
  });

describe('parseReference and the published grammar', () => {
  it('agree on what is a reference and on its parts', () => {
    fc.assert(
      fc.property(valid, (text) => {
        expect(parsed(text)).toEqual(byGrammar(text));
      }),
      { numRuns: 500 },
    );
  });

  it('agree on what nearly is one', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        expect(parsed(text)).toEqual(byGrammar(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('agree on lengths', () => {
    for (let length = 235; length <= 256; length += 1) {
      for (const start of ['', 'a/', 'a.b/', 'localhost:5000/']) {
        const text = start + 'x'.repeat(length - start.length);
        expect(parsed(text)).toEqual(byGrammar(text));
      }
    }
  });

  it('is read back from what formatReference writes', () => {
    fc.assert(
      fc.property(fc.oneof(valid, mutated), (text) => {
        const reference = parsed(text);
        if (!reference) return;
        const again = parseReference(formatReference(reference));
        expect(again).toEqual(reference);
        expect(formatReference(again)).toBe(formatReference(reference));
      }),
      { numRuns: 300 },
    );
  });
});

const F64 = 'f'.repeat(64);
const HEX = '1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a';

/** Shapes that the distribution project's own tests hold its parser to. */
describe('parseReference takes apart', () => {
  const shapes: readonly (readonly [
    string,
    string,
    string,
    string?,
    string?,
  ])[] = [
    ['test_com', 'docker.io', 'library/test_com'],
    ['test.com:tag', 'docker.io', 'library/test.com', 'tag'],
    ['test.com:5000', 'docker.io', 'library/test.com', '5000'],
    ['test.com/repo:tag', 'test.com', 'repo', 'tag'],
    ['test:5000/repo', 'test:5000', 'repo'],
    ['test:5000/repo:tag', 'test:5000', 'repo', 'tag'],
    [
      `test:5000/repo@sha256:${F64}`,
      'test:5000',
      'repo',
      undefined,
      `sha256:${F64}`,
    ],
    [
      `test:5000/repo:tag@sha256:${F64}`,
      'test:5000',
      'repo',
      'tag',
      `sha256:${F64}`,
    ],
    ['test_com/foo', 'docker.io', 'test_com/foo'],
    ['lowercase:Uppercase', 'docker.io', 'library/lowercase', 'Uppercase'],
    ['Uppercase/lowercase:tag', 'Uppercase', 'lowercase', 'tag'],
    ['FOO/bar', 'FOO', 'bar'],
    ['sub-dom1.foo.com/bar/baz/quux', 'sub-dom1.foo.com', 'bar/baz/quux'],
    [
      'b.gcr.io/test.example.com/app:test.example.com',
      'b.gcr.io',
      'test.example.com/app',
      'test.example.com',
    ],
    [
      'xn--n3h.com:18080/foo:xn--n3h.com',
      'xn--n3h.com:18080',
      'foo',
      'xn--n3h.com',
    ],
    [
      `xn--7o8h.com/i:t@sha512:${F64}${F64}`,
      'xn--7o8h.com',
      'i',
      't',
      `sha512:${F64}${F64}`,
    ],
    ['foo_bar.com:8080', 'docker.io', 'library/foo_bar.com', '8080'],
    ['foo/foo_bar.com:8080', 'docker.io', 'foo/foo_bar.com', '8080'],
    ['192.168.1.1', 'docker.io', 'library/192.168.1.1'],
    ['192.168.1.1:5000', 'docker.io', 'library/192.168.1.1', '5000'],
    ['192.168.1.1:5000/repo:5050', '192.168.1.1:5000', 'repo', '5050'],
    ['[2001:db8::1]/repo', '[2001:db8::1]', 'repo'],
    [
      '[2001:db8:1:2:3:4:5:6]/repo:tag',
      '[2001:db8:1:2:3:4:5:6]',
      'repo',
      'tag',
    ],
    [
      `[2001:db8::]:5000/repo:tag@sha256:${F64}`,
      '[2001:db8::]:5000',
      'repo',
      'tag',
      `sha256:${F64}`,
    ],
    ['docker---rules/docker', 'docker.io', 'docker---rules/docker'],
    ['dock__er/docker', 'docker.io', 'dock__er/docker'],
    ['d/t', 'docker.io', 'd/t'],
    ['index.docker.io/library/debian', 'docker.io', 'library/debian'],
    ['docker.io/library/foo/bar', 'docker.io', 'library/foo/bar'],
    [`docker.io/${HEX}`, 'docker.io', `library/${HEX}`],
    [`${HEX}:v1`, 'docker.io', `library/${HEX}`, 'v1'],
    [HEX.slice(1), 'docker.io', `library/${HEX.slice(1)}`],
  ];

  it.each(shapes.map((shape) => ({ text: shape[0], shape })))(
    '$text',
    ({ text, shape }) => {
      const [, domain, path, tag, digest] = shape;
      const parts = { domain, path, tag, digest };
      expect(parseReference(text)).toEqual(parts);
      expect(byGrammar(text)).toEqual(parts);
    },
  );

  it.each([
    ['docker.io/fooo/bar', 'fooo/bar'],
    ['index.docker.io/ubuntu-12.04-base', 'ubuntu-12.04-base'],
    ['library/foo', 'foo'],
    ['nonlibrary/ubuntu', 'nonlibrary/ubuntu'],
    ['example.com:8000/private/moonbase', 'example.com:8000/private/moonbase'],
    ['Foo/bar', 'Foo/bar'],
  ])('%s, whose familiar name is %s', (text, familiar) => {
    expect(familiarName(parseReference(text))).toBe(familiar);
  });
});

describe('parseReference refuses', () => {
  it.each([
    '',
    ':justtag',
    `@sha256:${F64}`,
    `repo@sha256:${'f'.repeat(34)}`,
    'Uppercase:tag',
    'test:5000/Uppercase/lowercase:tag',
    `${'a/'.repeat(128)}a:tag`,
    'aa/asdf$$^/aa',
    '[2001:db8::1]',
    '[2001:db8::1]:5000',
    '[2001:db8::1]:tag',
    '[fe80::1%eth0]:5000/repo',
    '[fe80::1%@invalidzone]:5000/repo',
    '[2001:db8:3:4::192.0.2.33]:5000/debian',
    'fc00::1:5000/debian',
    'https://github.com/docker/docker',
    'docker/Docker',
    '-docker',
    '-docker/docker',
    '-docker.io/docker/docker',
    'docker-/docker',
    'docker///docker',
    'docker.io/docker///docker',
    '____/____',
    '_docker/_docker',
    'dock..er/docker',
    'dock_.er/docker',
    'dock-.er/docker',
    'docker/',
    HEX,
  ])('%j', (text) => {
    expect(parsed(text)).toBeUndefined();
    expect(byGrammar(text)).toBeUndefined();
  });
});
