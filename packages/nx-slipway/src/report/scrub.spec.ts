import fc from 'fast-check';
import {
  StreamScrubber,
  encodedForms,
  formsOf,
  scrub,
  secretsOf,
} from './scrub';

/** What comes out of a stream that brings `chunks`. */
function scrubbed(
  chunks: readonly string[],
  secrets: readonly string[],
  maxLine?: number,
) {
  let text = '';
  const write = (part: string) => (text += part);
  const scrubber = new StreamScrubber(secrets, write, maxLine);
  for (const chunk of chunks) scrubber.push(chunk);
  scrubber.end();
  return text;
}

/** `text` in pieces that end where `seeds` say. */
function cut(text: string, seeds: readonly number[]): string[] {
  const ends = seeds.map((seed) => seed % (text.length + 1));
  const sorted = [0, ...ends.sort((a, b) => a - b), text.length];
  return sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
}

/** A small alphabet, so that secrets overlap and hold one another. */
const secretValue = fc.oneof(
  fc.stringMatching(/^[ab$]{8,12}$/),
  // Which overlap themselves, with steps of one, two and three.
  fc.constantFrom('a'.repeat(8), 'ab'.repeat(4), 'aab'.repeat(3), '😀😀😀😀'),
  // Of several lines, with what a pattern would act on, in several units.
  fc
    .array(fc.constantFrom('a', '$&', '.*', '(', '[', '\\', '😀', '\n', '\r'), {
      minLength: 8,
      maxLength: 24,
    })
    .map((parts) => parts.join('')),
);
const secretList = fc
  .array(secretValue, { minLength: 1, maxLength: 4 })
  .map((values) => secretsOf(envOf(values)))
  .filter((secrets) => secrets.length > 0);
const noise = fc.constantFrom(
  ...['a', 'b', '\n', '\r', ' ', 'x', 'é', '😀', '://', ':', '/', '@'],
);
const textWith = (secrets: readonly string[]) =>
  fc
    .array(fc.oneof(noise, fc.constantFrom(...secrets)), { maxLength: 30 })
    .map((parts) => parts.join(''));
const secretsInText = secretList.chain((secrets) =>
  fc.tuple(fc.constant(secrets), textWith(secrets)),
);

/** The slow way: every character of every occurrence is masked. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  const isSecret = new Array<boolean>(text.length).fill(false);
  for (const secret of secrets) {
    for (let at = 0; at < text.length; at += 1) {
      if (text.startsWith(secret, at))
        isSecret.fill(true, at, at + secret.length);
    }
  }
  return [...isSecret.keys()]
    .map((at) => (isSecret[at] ? '*' : text.charAt(at)))
    .join('');
}

/** As many stars say the same as one. */
const shortened = (text: string) => text.replace(/\*+/g, '*');

function envOf(values: readonly string[]) {
  return Object.fromEntries(values.map((v, i) => [`TOKEN_${i}`, v]));
}

describe('secretsOf', () => {
  it.each([
    'TOKEN',
    'npm_token',
    'CLIENT_SECRET',
    'DB_PASSWORD',
    'PASSWD',
    'AWS_ACCESS_KEY_ID',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'AUTH_HEADER',
  ])('takes the value of %s for a secret', (name) => {
    expect(secretsOf({ [name]: 'hunter22' })).toContain('hunter22');
  });

  it('takes nothing else, nothing short and nothing unset', () => {
    const env = { PATH: '/usr/bin:/bin', TOKEN: '1234567', KEY: undefined };
    expect(secretsOf(env)).toEqual([]);
  });

  it('has each once', () => {
    const secrets = secretsOf({ A_KEY: 'same-one', B_KEY: 'same-one' });
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  it('takes each line of a value, however its lines end', () => {
    const lines = ['line-one', 'line-two', 'line-three', 'line-four'];
    const [one, two, three, four] = lines;
    const env = { KEY: `${one}\n${two}\r\n${three}\r${four}` };
    const secrets = secretsOf(env);
    expect(secrets).toEqual(expect.arrayContaining(lines));
    for (const secret of secrets) expect(secret).not.toMatch(/[\r\n]/);
  });
});

describe('formsOf', () => {
  it('leaves lines alone that are too short, but not the whole in base64', () => {
    const forms = formsOf('{\n      "a": 1\n      }\n', 6);
    expect(forms).toContain('"a": 1');
    expect(forms).toContain('ewogICAgICAiYSI6IDEKICAgICAgfQ');
    expect(forms.filter((form) => form.includes('}'))).toEqual([]);
  });
});

describe('encodedForms', () => {
  it('knows a secret in the base64 of anything that holds it', () => {
    const bytes = fc.uint8Array({ maxLength: 8 });
    const secret = fc.string({ unit: 'grapheme', minLength: 8 });
    const alphabet = fc.constantFrom('base64', 'base64url');
    fc.assert(
      fc.property(bytes, secret, bytes, alphabet, (a, value, b, form) => {
        const whole = Buffer.concat([a, Buffer.from(value), b]);
        const text = whole.toString(form);
        const found = encodedForms(value).filter((part) => text.includes(part));
        expect(found).not.toEqual([]);
      }),
    );
  });

  it('is long enough to be found by nothing else', () => {
    for (const form of encodedForms('12345678')) {
      expect(form.length).toBeGreaterThanOrEqual(10);
    }
  });

  it('masks basic credentials', () => {
    const secrets = secretsOf({ REGISTRY_PASSWORD: 'hunter22' });
    const header = Buffer.from('me:hunter22').toString('base64');
    const clean = scrub(`Authorization: Basic ${header}`, secrets);
    expect(clean).toMatch(/^Authorization: Basic .{0,6}\*\*\*.{0,3}$/);
  });
});

describe('scrub', () => {
  it.each([
    ['https://me:pass@host/x', 'https://***@host/x'],
    ['https://ghp_token@host/x', 'https://***@host/x'],
    ['https://:pass@host', 'https://***@host'],
    ['https://me:p@ss@host/a@b', 'https://***@host/a@b'],
    [
      'postgres+ssl://u:p@db:5432 and x@y',
      'postgres+ssl://***@db:5432 and x@y',
    ],
    ['https://host/path me@example.com', 'https://host/path me@example.com'],
    ['{"a":"http://h","b":"x@y"}', '{"a":"http://h","b":"x@y"}'],
  ])('masks the userinfo of %s', (text, clean) => {
    expect(scrub(text, [])).toBe(clean);
  });

  it('takes a secret literally and masks it everywhere', () => {
    expect(scrub('a.*b$& and a.*b$&', ['a.*b$&'])).toBe('*** and ***');
  });

  it.each([
    ['one that holds another', 'xxabcdefghxx', '***'],
    ['two that overlap', '.abcdefghij.', '.***.'],
    ['two side by side', 'abcdefghabcdefgh', '******'],
    ['one that overlaps itself', '0'.repeat(21), '***'],
  ])('masks %s whole', (_name, text, clean) => {
    const words = ['abcdefgh', 'xxabcdefghxx', 'cdefghij', '00000000'];
    expect(scrub(text, secretsOf(envOf(words)))).toBe(clean);
  });
});

describe('StreamScrubber', () => {
  it('lets no secret through, wherever the chunks end', () => {
    fc.assert(
      fc.property(secretsInText, fc.array(fc.nat()), ([secrets, text], at) => {
        const clean = scrubbed(cut(text, at), secrets);
        for (const secret of secrets) expect(clean).not.toContain(secret);
        expect(clean).toBe(scrub(text, secrets));
      }),
      { numRuns: 500 },
    );
  });

  it('shows nothing of a secret in a line that is longer than it holds', () => {
    fc.assert(
      fc.property(
        secretsInText,
        fc.array(fc.nat()),
        fc.nat(20),
        ([secrets, text], at, maxLine) => {
          const clean = scrubbed(cut(text, at), secrets, maxLine);
          expect(clean).toBe(scrub(text, secrets));
          const masked = scrub(withoutSecrets(text, secrets), []);
          expect(shortened(clean)).toBe(shortened(masked));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gets through a long run of a secret that overlaps itself', () => {
    const secrets = secretsOf({ KEY: '00000000', TOKEN: 'xyxyxyxy' });
    const line = `a${'0'.repeat(3_000_000)}b${'xy'.repeat(1_500_000)}c`;
    let clean = '';
    const scrubber = new StreamScrubber(secrets, (part) => (clean += part));
    for (let at = 0; at < line.length; at += 65_536) {
      scrubber.push(line.slice(at, at + 65_536));
      // Let go of, as anything else in a long line is.
      if (at > 200_000) expect(clean).toMatch(/^a\*\*\*/);
    }
    scrubber.end();
    expect(clean).toBe('a***b***c');
  });

  it('lets go of a line as soon as it has ended', () => {
    const seen: string[] = [];
    const scrubber = new StreamScrubber([], (text) => seen.push(text));
    scrubber.push('one\ntw');
    expect(seen).toEqual(['one\n']);
    scrubber.push('o\r');
    expect(seen).toEqual(['one\n', 'two\r']);
  });

  it('writes whole characters of a line without end', () => {
    const line = '😀'.repeat(60_000);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (at) => {
        const scrubber = new StreamScrubber([], (part) => {
          // Each part alone becomes bytes, and these text again.
          expect(Buffer.from(part).toString()).toBe(part);
        });
        for (const chunk of cut(line, at)) scrubber.push(chunk);
        scrubber.end();
      }),
      { numRuns: 20 },
    );
  });

  it('does not hold a line without end for ever', () => {
    let length = 0;
    const scrubber = new StreamScrubber([], (text) => (length += text.length));
    for (let i = 0; i < 20; i += 1) scrubber.push('x'.repeat(10_000));
    expect(length).toBeGreaterThan(100_000);
    scrubber.end();
    expect(length).toBe(200_000);
  });

  it('lets no secret through a line without end either', () => {
    const filler = fc.nat(3000).map((n) => '.'.repeat(64 * 1024 - 1500 + n));
    const url = 'https://me:password@host/';
    fc.assert(
      fc.property(
        secretsInText,
        filler,
        fc.array(fc.nat(), { maxLength: 8 }),
        ([secrets, text], before, at) => {
          const line = before + text.replace(/\s/g, '') + url;
          const clean = scrubbed(cut(line + line, at), secrets);
          expect(clean).toBe(scrub(line + line, secrets));
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([7, 1000, 65_536])(
    'masks a secret and its longer sister in chunks of %s',
    (size) => {
      const secrets = secretsOf({ A_KEY: 'abcdefgh', B_KEY: 'abcdefghXYZ' });
      // Secrets all along, so that every cut would go through one.
      const line = 'abcdefghXYZ.https://me:pass@host/'.repeat(4000);
      const seeds = Array.from(
        { length: Math.floor(line.length / size) },
        (_, index) => index * size,
      );
      expect(scrubbed(cut(line, seeds), secrets)).toBe(scrub(line, secrets));
    },
  );
});
