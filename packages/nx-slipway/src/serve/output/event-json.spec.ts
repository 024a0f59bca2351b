import Ajv from 'ajv';
import fc from 'fast-check';
import type { ServeEvent } from '../events';
import { eventJson } from './event-json';
import { shownEvent } from './shown-event';
import { ALL_EXAMPLES, EVENT_EXAMPLES } from './testing/event-examples';
import {
  eventTable,
  outputSchema,
  readDocs,
  schemaOf,
} from './testing/output-schema';

const TIME = Date.UTC(2026, 0, 31, 12, 30, 1, 7);
const schema = outputSchema();
const ajv = new Ajv({ allErrors: true });
const isValid = ajv.compile(schema);
const types = Object.keys(EVENT_EXAMPLES) as ServeEvent['type'][];

const parsed = (event: ServeEvent) =>
  JSON.parse(eventJson(event, TIME)) as Record<string, unknown>;

/** Whether the schema has it; why not is shown by a test that fails. */
function errorsOf(value: unknown) {
  return isValid(value) === true ? [] : (isValid.errors ?? []);
}

it('has a head that tells format and time', () => {
  expect(eventJson({ type: 'up-to-date', ms: 7 }, TIME)).toBe(
    '{"schema":1,"time":"2026-01-31T12:30:01.007Z","type":"up-to-date","ms":7}',
  );
});

it.each(ALL_EXAMPLES)('is as the schema has it: %j', (event) => {
  expect(errorsOf(parsed(event))).toEqual([]);
});

it('has in the schema no type and no field that no event has', () => {
  const told = schema.oneOf.map(({ $ref }) => $ref.split('/').at(-1));
  expect(told.sort()).toEqual([...types].sort());
  for (const type of types) {
    const fields = EVENT_EXAMPLES[type].flatMap((event) =>
      Object.keys(parsed(event)),
    );
    const { properties } = schemaOf(type, schema);
    expect([type, ...new Set(fields)].sort()).toEqual(
      [type, ...Object.keys(properties)].sort(),
    );
  }
});

it.each([
  ['a type', { type: 'other' }],
  ['a field', { type: 'up-to-date', ms: 1, more: 1 }],
  ['a state', { type: 'state', image: 'a', state: 'ready' }],
  ['an event of nothing', { type: 'phase', phase: 'build' }],
  [
    'an event of two things',
    { type: 'phase', phase: 'build', image: 'a', project: 'a' },
  ],
  ['a time', { type: 'up-to-date', ms: 1, time: 'now' }],
  ['a field less', { type: 'up-to-date' }],
])('is not what the schema refuses: %s', (_what, event) => {
  const head = { schema: 1, time: new Date(TIME).toISOString() };
  expect(errorsOf({ ...head, type: 'up-to-date', ms: 1 })).toEqual([]);
  expect(errorsOf({ ...head, ...event })).not.toEqual([]);
});

it('is described in docs/serve.md, as in the schema', () => {
  expect(readDocs('serve.md')).toContain(eventTable(schema));
});

it('is one line which gives back what it was, whatever others wrote', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\n', '\u2028', '\u009b2J', '\ud800', '"\\'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...ALL_EXAMPLES), text, (event, other) => {
      const texts = ['text', 'line', 'message', 'object', 'url', 'reason'];
      const entries = Object.entries(event).map(([key, value]) => [
        key,
        texts.includes(key) && event.type !== 'end'
          ? other
          : (value as unknown),
      ]);
      const told = Object.fromEntries(entries) as ServeEvent;
      const line = eventJson(told, TIME);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      const head = { schema: 1, time: new Date(TIME).toISOString() };
      expect(JSON.parse(line)).toEqual({ ...head, ...told });
      expect(errorsOf(JSON.parse(line))).toEqual([]);
    }),
  );
});

describe('secrets', () => {
  it('are in no text', () => {
    const [log] = EVENT_EXAMPLES.log;
    const line = 'login hunter22 http://me:hunter2@host/';
    expect(shownEvent({ ...log!, line }, ['hunter22'])).toEqual({
      ...log,
      line: 'login *** http://***@host/',
    });
  });

  it('may be the words of an event, which stays what it is', () => {
    const words = ALL_EXAMPLES.flatMap((event) =>
      [...JSON.stringify(event).matchAll(/"([^"]+)"/g)].map(
        ([, word]) => word!,
      ),
    );
    for (const event of ALL_EXAMPLES) {
      const shown = shownEvent(event, words);
      expect(errorsOf(parsed(shown))).toEqual([]);
      const { image, project } = event as { image?: string; project?: string };
      expect(shown).toMatchObject({
        ...(image !== undefined && { image }),
        ...(project !== undefined && { project }),
      });
    }
  });
});
