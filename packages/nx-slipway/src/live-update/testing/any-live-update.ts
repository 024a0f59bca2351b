import fc from 'fast-check';
import type { LiveUpdate } from '../types';
import { liveUpdate, rule, sync } from './rules';

/** Few names, so that paths meet. */
const name = fc.constantFrom('a', 'b', '-c', '..d');
const under = (max: number) =>
  fc.array(name, { minLength: 1, maxLength: max }).map((at) => at.join('/'));

/** Relative to the workspace root. */
export const anyPath = under(4);

const anyRule = fc.oneof(
  anyPath.map(rule),
  fc.constantFrom('a/*', '**/b', '-c/**').map(rule),
);
const anyRules = fc.array(anyRule, { maxLength: 2 });

const anySync = fc
  .tuple(
    fc.oneof(fc.constant(''), under(2)),
    fc.oneof(fc.constant(''), under(2)),
    fc.boolean(),
  )
  .map(([from, to, isFolder]) =>
    sync(from, to === '' ? '/' : `/${to}${isFolder ? '/' : ''}`),
  );

const anyRun = fc
  .option(fc.array(anyRule, { minLength: 1, maxLength: 2 }), {
    nil: undefined,
  })
  .map((trigger) => ({
    argv: ['true'],
    written: 'true',
    ...(trigger && { trigger }),
  }));

export const anyLiveUpdate: fc.Arbitrary<LiveUpdate> = fc
  .tuple(
    fc.array(anySync, { minLength: 1, maxLength: 3 }),
    anyRules,
    fc.array(anyRun, { maxLength: 2 }),
  )
  .map(([syncs, fallBackOn, runs]) => liveUpdate({ syncs, fallBackOn, runs }));

const anyState = fc.constantFrom('file 1', 'file 2', 'executable 1', 'link a');

/** As a file system has them: no file is a folder too. */
export const anyFiles = fc
  .array(fc.tuple(anyPath, anyState), { maxLength: 12 })
  .map((entries) => {
    const files = new Map<string, string>();
    for (const [path, state] of entries) {
      const meets = [...files.keys()].some(
        (other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
      );
      if (!meets) files.set(path, state);
    }
    return files;
  });
