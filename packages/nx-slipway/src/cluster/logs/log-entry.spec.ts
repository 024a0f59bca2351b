import { readEntry } from './log-entry';

describe('a line with its timestamp', () => {
  it.each([
    ['2026-01-01T00:00:00.000000001Z a b', 0, 1, 'a b'],
    ['2026-01-01T01:00:01.5+01:00 a', 1, 500_000_000, 'a'],
    ['2026-01-01T00:00:00Z ', 0, 0, ''],
    ['2026-01-01T00:00:00.25Z', 0, 250_000_000, ''],
    ['2026-01-01T00:00:00Z  two spaces', 0, 0, ' two spaces'],
  ])('is read: %j', (line, second, nanos, text) => {
    expect(readEntry(line)).toEqual({
      second: Date.UTC(2026, 0, 1) / 1000 + second,
      nanos,
      text,
    });
  });

  it.each([
    '',
    'unable to retrieve container logs for containerd://5745',
    'failed to create fsnotify watcher: too many open files',
    '2026-99-99T00:00:00Z a',
    '2026-01-01T00:00:00Za',
  ])('is not, without one: %j', (line) => {
    expect(readEntry(line)).toBeUndefined();
  });
});
