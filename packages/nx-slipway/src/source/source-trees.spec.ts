import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestSource } from './source';
import { sourceTrees } from './source-trees';

describe('the trees of a source', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-trees-'));
    mkdirSync(join(root, 'app'));
    writeFileSync(join(root, 'app/main.go'), '');
  });

  afterEach(() => rmSync(root, { recursive: true }));

  function concerned(source: ManifestSource, path: string): boolean {
    const trees = sourceTrees(source, () => [], root);
    return trees.some(({ concerns }) => concerns(join(root, path)));
  }

  const globs = (glob: string): ManifestSource => ({
    kind: 'yaml',
    globs: [join(root, 'app', glob)],
  });

  it.each([
    ['app/k8s/web.yaml', 'a file that may match'],
    ['app/k8s', 'the folder of such files, which has come or gone'],
    ['app/k8s/base', 'a folder below it'],
  ])('are concerned with %s: %s', (path) => {
    expect(concerned(globs('{k8s,deploy}/**/*.yaml'), path)).toBe(true);
  });

  it.each(['app/main.go', 'app/src', 'app/src/k8s/web.yaml'])(
    'are not concerned with %s, which no glob reaches',
    (path) => {
      expect(concerned(globs('{k8s,deploy}/**/*.yaml'), path)).toBe(false);
    },
  );

  it('are concerned with a file beside others, and not with those', () => {
    expect(concerned(globs('*.yaml'), 'app/web.yaml')).toBe(true);
    expect(concerned(globs('*.yaml'), 'app/main.go')).toBe(false);
  });

  it('are concerned with all of a folder that is a source as a whole', () => {
    const source: ManifestSource = {
      kind: 'command',
      command: ['true'],
      deps: [join(root, 'app')],
      dir: root,
    };
    expect(concerned(source, 'app/main.go')).toBe(true);
  });
});
