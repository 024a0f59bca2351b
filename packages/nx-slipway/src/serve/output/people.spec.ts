import fc from 'fast-check';
import { manualClock } from '../../testing/manual-clock';
import type { ServeEvent } from '../events';
import type { BuildOutputMode } from './build-output';
import { PeopleOutput } from './people';
import { ALL_EXAMPLES, EVENT_EXAMPLES } from './testing/event-examples';

function people(options: { mode?: BuildOutputMode; isColored?: boolean } = {}) {
  const { mode = 'auto', isColored = false } = options;
  let lines: string[] = [];
  const clock = manualClock();
  const output = new PeopleOutput({
    isColored,
    buildOutput: mode,
    later: clock,
    print: (line) => lines.push(line),
  });
  return {
    clock,
    /** @returns the lines that came of them */
    tell(...events: readonly ServeEvent[]) {
      for (const event of events) output.tell(event);
      const all = lines;
      lines = [];
      return all;
    },
  };
}

const change = (image: string, ...files: string[]): ServeEvent => ({
  type: 'change',
  subjects: [{ image }],
  files,
  count: files.length,
});
const begins = (
  image: string,
  phase: 'prepare' | 'detect' | 'build' | 'push' = 'build',
): ServeEvent => ({ type: 'phase', image, phase });
const prints = (image: string, line: string): ServeEvent => ({
  type: 'output',
  image,
  phase: 'build',
  stream: 'stdout',
  line,
});
const ends = (
  image: string,
  result: 'ready' | 'failed' | 'superseded' | 'unchanged' = 'ready',
  message = 'no',
): ServeEvent => ({
  type: 'cycle',
  image,
  result,
  ms: 410,
  phases: [
    { name: 'detect', ms: 8 },
    { name: 'build', ms: 310 },
  ],
  ...(result === 'failed' && {
    fault: { code: 'SLIPWAY_E_COMMAND_FAILED', message, hint: 'mend it' },
  }),
});
const states = (image: string, state: 'changed' | 'waiting'): ServeEvent => ({
  type: 'state',
  image,
  state,
});
const CYCLE = 'frontend  0.41s  detect 8ms · build 310ms';

describe('the header', () => {
  it('says what is served, where, and when', () => {
    expect(people().tell(...EVENT_EXAMPLES.start)).toEqual([
      'context   kind-dev',
      'registry  localhost:5000',
      'projects  shop:dev in namespace shop, admin in namespace admin',
      'images    api, frontend',
      'trigger   auto',
      'context   minikube',
      'registry  none: images stay in Docker',
      'projects',
      'images    none',
      'trigger   manual: changes wait for slipway trigger',
    ]);
  });
});

describe('a cycle', () => {
  it('is one line with its phases', () => {
    expect(people().tell(...EVENT_EXAMPLES.cycle.slice(0, 1))).toEqual([
      'frontend  0.41s  detect 8ms · build 310ms · push 42ms · apply 19ms · ready 1.1s',
    ]);
  });

  it('that failed says why, and what to do', () => {
    expect(people().tell(ends('frontend', 'failed', 'one\n  two'))).toEqual([
      'frontend  FAILED in 0.41s  detect 8ms · build 310ms',
      '  SLIPWAY_E_COMMAND_FAILED: one',
      '    two',
      '  hint: mend it',
    ]);
  });

  it('that a newer one took the place of is not told', () => {
    const { tell } = people();
    tell(begins('frontend'), prints('frontend', 'x'));
    expect(tell(ends('frontend', 'superseded'))).toEqual([]);
  });

  it('without phases has nothing in their place, with colours either', () => {
    const { tell } = people({ isColored: true });
    const shop = EVENT_EXAMPLES.cycle.at(-1);
    expect(tell(shop!)[0]).toMatch(/ in 0\.01s$/);
  });

  it('that built no image says what was given to how many containers', () => {
    const { tell } = people();
    const [, live] = EVENT_EXAMPLES.cycle;
    expect(tell(live!)).toEqual([
      'frontend  14ms  detect 4ms · sync 6ms · run 3ms · restart 1ms  1 file in 2 containers',
    ]);
    const none = { ...live!, live: { files: 0, containers: 0 } };
    expect(tell(none)[0]).toMatch(/ {2}no container of it runs yet$/);
  });

  it('that found nothing to do says so', () => {
    expect(people().tell(ends('frontend', 'unchanged'))).toEqual([
      'frontend  0.41s  unchanged',
    ]);
  });

  it.each([
    [0, '0.00s'],
    [4, '0.00s'],
    [59_994, '59.99s'],
    [59_999, '1m00s'],
    [83_200, '1m23s'],
  ])('of %d ms took %s', (ms, shown) => {
    const [line] = people().tell({ type: 'up-to-date', ms });
    expect(line).toBe(`up to date  ${shown}`);
  });
});

describe('work that begins', () => {
  it('is told with what has changed', () => {
    const { tell } = people();
    expect(tell(change('frontend', 'src/a.ts'))).toEqual([]);
    expect(tell(begins('frontend', 'detect'))).toEqual([]);
    expect(tell(begins('frontend'))).toEqual([
      'frontend: src/a.ts changed, building',
    ]);
    expect(tell(ends('frontend'))).toEqual([CYCLE]);
  });

  it('counts what it does not name', () => {
    const { tell } = people();
    const subjects = ['a', 'b', 'c', 'd', 'e'].map((image) => ({ image }));
    tell({ type: 'change', subjects, files: ['lib/x.ts', 'y'], count: 9 });
    expect(tell(begins('c'), begins('a'))).toEqual([
      'a, b, c +2 more: lib/x.ts +8 more changed, building',
    ]);
    expect(tell(ends('a'), ends('c'))).toHaveLength(2);
    // Their turn may come much later.
    expect(tell(begins('e'))).toEqual([]);
  });

  it('is told where nothing has changed', () => {
    const { tell } = people();
    expect(tell(begins('api', 'prepare'), begins('api'))).toEqual([
      'api: preparing',
    ]);
    tell(ends('api'));
    expect(tell(begins('api'))).toEqual(['api: building']);
  });

  it('is told at once of a build that it stops', () => {
    const { tell } = people();
    tell(change('api', 'a'), begins('api'));
    expect(tell(change('api', 'b'))).toEqual(['api: b changed']);
    expect(tell(ends('api', 'superseded'), begins('api'))).toEqual([
      'api: building',
    ]);
  });

  it('is told before the end of what came of it, whatever that is', () => {
    const { tell } = people();
    tell(change('api', 'a'));
    expect(tell(ends('api', 'unchanged'))).toEqual([
      'api: a changed',
      'api  0.41s  unchanged',
    ]);
  });

  it('waits for who has said that it is to', () => {
    const { tell } = people();
    tell({ ...EVENT_EXAMPLES.start[0]!, trigger: 'manual' });
    tell(change('api', 'a'));
    expect(tell(states('api', 'changed'))).toEqual([
      'api: a changed, waits for slipway trigger',
    ]);
    expect(tell(states('api', 'changed'))).toEqual([]);
    expect(tell(change('api', 'b'))).toEqual([
      'api: b changed, waits for slipway trigger',
    ]);
    expect(tell(begins('api'))).toEqual(['api: building']);
  });

  it('is not taken for that of a project of the same name', () => {
    const { tell } = people();
    tell({ type: 'phase', project: 'api', phase: 'apply' });
    tell(change('api', 'a'));
    expect(tell(begins('api'))).toEqual(['api: a changed, building']);
  });

  it('waits while serve is paused', () => {
    expect(people().tell(states('api', 'changed'))).toEqual([
      'api: changed, waits for slipway resume',
    ]);
  });
});

describe('build output', () => {
  it('is shown as it comes in the first build of an image', () => {
    const { tell } = people();
    tell(begins('api'));
    expect(tell(prints('api', '\u001b[1mstep\u001b[0m 1'))).toEqual([
      'api | step 1',
    ]);
  });

  it('is held back in later ones, and not shown if they do well', () => {
    const { tell, clock } = people();
    tell(begins('api'), ends('api'), begins('api'));
    expect(tell(prints('api', 'step 1'), begins('api', 'push'))).toEqual([]);
    clock.advance(10_000);
    expect(clock.timers).toBe(0);
    expect(tell(ends('api'))).toHaveLength(1);
  });

  it('is shown once a build takes long', () => {
    const { tell, clock } = people();
    tell(begins('api'), ends('api'), begins('api'), prints('api', 'step 1'));
    clock.advance(3000);
    expect(tell(prints('api', 'step 2'))).toEqual([
      'api | step 1',
      'api | step 2',
    ]);
  });

  it('is shown in full when a build fails, and not twice', () => {
    const { tell } = people();
    tell(begins('api'), ends('api'), begins('api'));
    const steps = Array.from({ length: 20 }, (_, index) => `step ${index}`);
    tell(...steps.map((step) => prints('api', step)));
    const quoted = steps.slice(-10).map((step) => `    ${step}`);
    const message = `it failed. Its last lines:\n${quoted.join('\n')}`;
    expect(tell(ends('api', 'failed', message))).toEqual([
      ...steps.map((step) => `api | ${step}`),
      'api  FAILED in 0.41s  detect 8ms · build 310ms',
      '  SLIPWAY_E_COMMAND_FAILED: it failed.',
      '  hint: mend it',
    ]);
  });

  it('is quoted by the error where other lines stand between', () => {
    const { tell } = people();
    tell(begins('api'), prints('api', 'a'), prints('web', 'b'));
    const message = 'it failed. Its last lines:\n    a';
    expect(tell(ends('api', 'failed', message))).toContain('      a');
  });

  it('is not shown of a build that did well before something else failed', () => {
    const { tell } = people();
    tell(begins('api'), ends('api'), begins('api'), prints('api', 'x'));
    tell(begins('api', 'push'));
    expect(tell(ends('api', 'failed')).join()).not.toContain('| x');
  });

  it('is left out in the middle where it is long', () => {
    const { tell } = people({ mode: 'failed' });
    tell(begins('api'));
    const line = 'x'.repeat(1000);
    for (let count = 0; count < 1000; count++) tell(prints('api', line));
    const lines = tell(ends('api', 'failed'));
    expect(lines.length).toBeLessThan(140);
    expect(lines).toContainEqual(
      expect.stringMatching(/^api \| … 8\d\d lines left out$/),
    );
  });

  it.each([
    ['all', ['api | x']],
    ['failed', []],
  ] as const)('is shown as %s wants it', (mode, shown) => {
    const { tell, clock } = people({ mode });
    tell(begins('api'), ends('api'), begins('api'));
    clock.advance(60_000);
    expect(tell(prints('api', 'x'))).toEqual(shown);
    expect(clock.timers).toBe(0);
  });

  it('leaves no timer behind', () => {
    const { tell, clock } = people();
    tell(begins('api'), ends('api'), begins('api'));
    expect(clock.timers).toBe(1);
    tell({ type: 'end', reason: 'cancelled' });
    expect(clock.timers).toBe(0);
  });
});

describe('the cluster', () => {
  it.each([
    ['web-5d9c7b8f6d-x2v4q', 'web', 'web-x2v4q'],
    ['web-5d9c7b8f6d-x2v4q', 'proxy', 'web-x2v4q · proxy'],
    ['db-0', 'postgres', 'db-0 · postgres'],
    ['db-0', 'db', 'db-0'],
    ['agent-x2v4q', 'agent', 'agent-x2v4q'],
    ['alone', 'alone', 'alone'],
  ])('logs of %s, %s, begin with %s', (pod, container, prefix) => {
    const [log] = EVENT_EXAMPLES.log;
    const line = 'a\u001b[2Jb';
    expect(people().tell({ ...log!, pod, container, line })).toEqual([
      `${prefix} | ab`,
    ]);
  });

  it('has its pods in the colour of their workload', () => {
    const { tell } = people({ isColored: true });
    const [log] = EVENT_EXAMPLES.log;
    const lines = tell(
      { ...log!, pod: 'web-5d9c7b8f6d-x2v4q' },
      { ...log!, pod: 'api-5d9c7b8f6d-x2v4q' },
      { ...log!, pod: 'web-7c9c7b8f6d-bbbbb' },
    );
    const [web, api, again] = lines.map((line) => line.slice(0, 5));
    expect(again).toBe(web);
    expect(api).not.toBe(web);
  });

  it('tells what matters in one line', () => {
    const { event, drift } = EVENT_EXAMPLES;
    expect(people().tell(...event, ...drift)).toEqual([
      'shop: pod/web-5d9c7b8f6d-x2v4q: OOMKilled: container web was killed at its limit of 64Mi',
      'shop: deployment/web: spec.replicas was changed by kubectl',
    ]);
  });

  it('shows a URL when it begins to lead somewhere', () => {
    const [open] = EVENT_EXAMPLES['port-forward'];
    const forward = (state: 'open' | 'waiting' | 'failed', pod?: string) =>
      ({ ...open!, state, pod, message: undefined }) as ServeEvent;
    const { tell } = people();
    const to = 'deployment/web';
    expect(tell(forward('waiting'), forward('open', 'a'))).toEqual([
      `shop: http://localhost:8080 waits for a ready pod of ${to}`,
      `shop: http://localhost:8080 -> ${to}`,
    ]);
    expect(tell(forward('waiting'), forward('open', 'b'))).toEqual([]);
    expect(tell(forward('failed'), forward('open', 'b'))).toHaveLength(2);
  });

  it('tells which objects are new or gone, and no more', () => {
    const [example] = EVENT_EXAMPLES.objects;
    expect(people().tell(...EVENT_EXAMPLES.objects)).toEqual([]);
    const like = (action: 'created' | 'pruned', name: string) => ({
      ...example!.objects[0]!,
      action,
      name,
    });
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => like('created', name));
    const all = [...five, like('pruned', 'old')];
    expect(
      people().tell({ type: 'objects', project: 'shop', objects: all }),
    ).toEqual([
      'shop: created deployment/a, deployment/b, deployment/c +2 more; pruned deployment/old',
    ]);
  });
});

describe('a fault', () => {
  const failed: ServeEvent = {
    type: 'state',
    image: 'api',
    state: 'failed',
    fault: { code: 'SLIPWAY_E_COMMAND_FAILED', message: 'no', hint: 'mend it' },
  };

  it('is told once, by state or cycle', () => {
    const { tell } = people();
    tell(begins('api'));
    expect(tell(failed)).toEqual([]);
    expect(tell(ends('api', 'failed'))).toHaveLength(3);
    expect(tell(failed)).toEqual([]);
  });

  it('is told in short when it is the same again, till something changes', () => {
    const { tell } = people();
    tell(ends('api', 'failed'));
    expect(tell(begins('api'), ends('api', 'failed')).slice(-1)).toEqual([
      '  SLIPWAY_E_COMMAND_FAILED as before',
    ]);
    tell(change('api', 'a'));
    expect(tell(ends('api', 'failed'))).toContain('  hint: mend it');
    tell({ type: 'state', image: 'api', state: 'current' });
    expect(tell(ends('api', 'failed'))).toContain('  hint: mend it');
  });

  it('that comes out of no cycle is told by the state', () => {
    expect(people().tell(failed, failed)).toEqual([
      'api: failed',
      '  SLIPWAY_E_COMMAND_FAILED: no',
      '  hint: mend it',
    ]);
  });
});

it('messages begin with how bad they are', () => {
  const message = { type: 'message', text: 'a\nb' } as const;
  expect(
    people().tell(
      { ...message, level: 'info', image: 'api' },
      { ...message, level: 'warning' },
      { ...message, level: 'error', project: 'shop' },
    ),
  ).toEqual(['api: a', '  b', 'warning: a', '  b', 'shop: error: a', '  b']);
});

it('the end is told, and why', () => {
  expect(people().tell(...EVENT_EXAMPLES.end)).toEqual([
    'stopped; the cluster stays as it is',
    'serve has FAILED',
    '  SLIPWAY_E_COMMAND_FAILED: "make" ended with exit code 2 in apps/frontend.',
    '  hint: The command itself failed.',
  ]);
});

describe('any event', () => {
  const SGR = new RegExp('\\u001b\\[[\\d;]*m', 'g');

  /** Words of which there are only a few, and which others do not choose. */
  const OURS = ['type', 'state', 'result', 'level', 'trigger', 'phase', 'code'];

  /** Another text in place of each that others choose. */
  const withTexts = (event: ServeEvent, text: string): ServeEvent => {
    const other = JSON.parse(
      JSON.stringify(event, (key, value: unknown) =>
        typeof value === 'string' && !OURS.includes(key) ? text : value,
      ),
    ) as ServeEvent;
    const { phases } = event as { phases?: unknown };
    return { ...other, ...(phases !== undefined && { phases }) } as ServeEvent;
  };
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u001b[2J', 'a\nb', '\u001b[31mred', '\r\n', '\u009b2J'),
  );

  it.each([false, true])('moves no cursor (colours: %s)', (isColored) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...ALL_EXAMPLES), nasty)),
        (all) => {
          const { tell } = people({ isColored, mode: 'all' });
          for (const line of tell(...all.map((each) => withTexts(...each)))) {
            const text = isColored ? line.replace(SGR, '') : line;
            expect(text).not.toMatch(/[^\P{Cc}\t]|[\u2028\u2029]/u);
            // No colour goes on in the next line.
            const last = [...line.matchAll(SGR)].at(-1)?.[0];
            expect([undefined, '\u001b[0m']).toContain(last);
          }
        },
      ),
    );
  });
});
