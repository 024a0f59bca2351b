import type { Stats } from 'node:fs';
import { KnownFiles } from './known-files';

const stat = { ctimeMs: 1, size: 1, ino: 1 } as Stats;
const remember = (known: KnownFiles, path: string) =>
  known.remember(path, stat, { path, kind: 'file', hash: path });

describe('known files', () => {
  it('are all that are asked for, however many', () => {
    const known = new KnownFiles();
    const paths = Array.from({ length: 50_000 }, (_, index) => `src/${index}`);
    for (const path of paths) remember(known, path);
    expect(paths.every((path) => known.find(path, stat))).toBe(true);
  });

  it('are few when names come and go all day', () => {
    const known = new KnownFiles();
    const kept = Array.from({ length: 10 }, (_, index) => `src/${index}`);
    for (const path of kept) remember(known, path);
    for (let build = 0; build < 100_000; build += 1) {
      remember(known, `dist/${build}.js`);
      for (const path of kept) known.find(path, stat);
    }
    expect(known.size).toBeLessThan(50_000);
    expect(kept.every((path) => known.find(path, stat))).toBe(true);
  });
});
