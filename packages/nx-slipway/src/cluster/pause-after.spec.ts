import fc from 'fast-check';
import { unreachable } from './cluster-errors';
import { pauseAfter, type Outcome } from './pause-after';

const target = { context: 'kind-test', server: 'https://127.0.0.1' };
const answer = (status: number, text = '', retryAfter?: string) => ({
  status,
  text,
  headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
});
const silence = (code: string) => unreachable(target, { code });
const outcome = (
  result: Outcome['result'],
  given: Partial<Outcome> = {},
): Outcome => ({
  request: { method: 'PATCH', path: '/' },
  result,
  tries: 0,
  hasAnswered: true,
  isSettling: false,
  ...given,
});
const post = { method: 'POST', path: '/' } as const;
const first = { hasAnswered: false };
const late = { tries: 9 };

describe('the pause', () => {
  it.each([
    ['a server that is away', silence('ECONNREFUSED'), {}, 200],
    ['it, again', silence('ECONNREFUSED'), { tries: 1 }, 800],
    ['it, for long', silence('ECONNREFUSED'), late, 1000],
    [
      'it, for what may be sent once',
      silence('ECONNREFUSED'),
      { request: post },
      200,
    ],
    ['a network that is away', silence('ENETUNREACH'), late, 1000],
    ['a server that never answered', silence('ECONNREFUSED'), first, undefined],
    ['a break', silence('ECONNRESET'), late, 1000],
    [
      'a break with one that never answered',
      silence('ECONNRESET'),
      { ...first, tries: 2 },
      undefined,
    ],
    [
      'a break of what may be sent once',
      silence('ECONNRESET'),
      { request: post },
      undefined,
    ],
    [
      'a break of what the caller says may be sent twice',
      silence('ECONNRESET'),
      { request: { ...post, idempotent: true } },
      200,
    ],
    [
      'a certificate that is not trusted',
      silence('CERT_HAS_EXPIRED'),
      {},
      undefined,
    ],
    ['a server that is busy', answer(429, '', '3'), { request: post }, 3000],
    [
      'it, with a date',
      answer(429, '', 'Thu, 01 Jan 2026 00:00:00 GMT'),
      {},
      200,
    ],
    ['it, that names no time', answer(429, '', '0'), late, 1000],
    ['it, with a day', answer(429, '', '86400'), {}, 5000],
    ['a server that starts', answer(503), late, 1000],
    [
      'a proxy that has never found one',
      answer(502),
      { ...first, tries: 2 },
      undefined,
    ],
    [
      'an aggregated API',
      answer(503, 'service unavailable\n'),
      { tries: 1 },
      800,
    ],
    [
      'it, that stays away',
      answer(503, 'service unavailable\n'),
      late,
      undefined,
    ],
    ['a webhook that did not answer', answer(500), {}, undefined],
    [
      'a fault of a read',
      answer(500),
      { request: { method: 'GET', path: '/' } as const },
      200,
    ],
    ['a missing right', answer(403), {}, undefined],
    [
      'it, said by a server that has just started',
      answer(403),
      { isSettling: true, request: post },
      500,
    ],
    ['what is wrong', answer(422), {}, undefined],
    ['what is right', answer(200), {}, undefined],
  ] as const)('after %s', (_, result, given, pause) => {
    expect(pauseAfter(outcome(result, given))).toBe(pause);
  });

  it('is never long, and has an end for a server that never answered', () => {
    const results = fc.oneof(
      fc
        .tuple(fc.integer({ min: 200, max: 599 }), fc.string(), fc.string())
        .map(([status, text, after]) => answer(status, text, after)),
      fc.string().map((code) => silence(code)),
    );
    fc.assert(
      fc.property(results, fc.nat(20), fc.boolean(), (result, tries, is) => {
        const given = { tries, hasAnswered: is, isSettling: false };
        const pause = pauseAfter(outcome(result, given)) ?? 0;
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(5000);
        const isBusy = 'status' in result && result.status === 429;
        if (!is && !isBusy && tries >= 2) expect(pause).toBe(0);
      }),
    );
  });
});
