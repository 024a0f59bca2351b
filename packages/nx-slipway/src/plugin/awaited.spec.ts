import { awaitedIn } from './awaited';
import type { DeclaredProject } from './declared';

const project = (name: string, ...implicitDependencies: string[]) =>
  ({ name, implicitDependencies }) as unknown as DeclaredProject;

/** Whether anybody waits for `shop`. */
function isAwaited(...projects: DeclaredProject[]): boolean {
  const shop = project('shop');
  return awaitedIn([shop, ...projects])(shop);
}

describe('a project that others depend on', () => {
  it.each([
    ['shop', true],
    ['*', true],
    ['s*', true],
    ['tag:web', true],
    ['web', false],
    ['!shop', false],
    ['!s*', false],
  ])('is one that they name as %s: %s', (name, is) => {
    expect(isAwaited(project('smoke', name))).toBe(is);
  });

  it('is none where nobody names any', () => {
    expect(isAwaited(project('web'))).toBe(false);
  });
});
