import { parseReference, type Registry } from '../../image';
import { parseRegistry } from '../../settings';
import { executorContext } from '../../testing/executor-context';
import { slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { workspaceOf } from '../workspace';
import { assertNoConflict, outputMode } from './output-mode';
import type { CustomBuildExecutorSchema } from './schema';

const folder = useTempFolder();
type Options = Partial<CustomBuildExecutorSchema>;

function modeOf(options: Options) {
  const context = executorContext({
    root: folder.path,
    projects: { app: { root: 'apps/app' } },
  });
  const whole = { ref: 'x', command: 'make', ...options };
  return outputMode(whole, workspaceOf(context));
}

describe('outputMode', () => {
  it.each([
    [{}, 'docker'],
    [{ disablePush: true }, 'docker-and-registry'],
    [{ skipsLocalDocker: true }, 'registry'],
    [{ disablePush: true, skipsLocalDocker: true }, 'cluster'],
  ] as const)('looks, with %j, in: %s', (options, store) => {
    expect(modeOf(options).store).toBe(store);
  });

  it.each([
    [{}, { kind: 'expected' }],
    [{ tag: 'dev' }, { kind: 'tag', tag: 'dev' }],
    [
      { tag: 'gcr.io/acme/x:dev' },
      { kind: 'ref', ref: { domain: 'gcr.io', path: 'acme/x', tag: 'dev' } },
    ],
  ])('takes the ref, with %j, from: %j', (options, source) => {
    expect(modeOf(options).source).toEqual(source);
  });

  it('takes the ref from a file below the project or the root', async () => {
    const path = folder.at('apps/app/dist/ref.txt');
    expect(modeOf({ outputsImageRefTo: 'dist/ref.txt' }).source).toEqual({
      kind: 'file',
      path,
    });
    const options = { outputsImageRefTo: '{workspaceRoot}/ref.txt' };
    const targets = { 'custom-build': { options } };
    await folder.write({
      'apps/app/project.json': JSON.stringify({ targets }),
    });
    expect(modeOf({ outputsImageRefTo: 'ref.txt' }).source).toEqual({
      kind: 'file',
      path: folder.at('ref.txt'),
    });
  });

  it.each(['../../../ref.txt', '../..'])(
    'refuses the file %s, which is not in the workspace',
    (outputsImageRefTo) => {
      expect(() => modeOf({ outputsImageRefTo })).toThrow(
        slipwayError('SLIPWAY_E_OPTION_INVALID', /not a file in the workspace/),
      );
    },
  );

  it.each(['project.json', 'sub/package.json', '../../nx.json'])(
    'refuses to delete %s, which Nx reads',
    (outputsImageRefTo) => {
      expect(() => modeOf({ outputsImageRefTo })).toThrow(
        slipwayError('SLIPWAY_E_OPTION_INVALID', /which is Nx's own/),
      );
    },
  );

  it.each([
    '-dev',
    'a b',
    'gcr.io/acme/x',
    'acme/x',
    `x:1@sha256:${'a'.repeat(64)}`,
  ])('refuses the tag %s, which names none', (tag) => {
    expect(() => modeOf({ tag })).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /neither a tag nor a ref/),
    );
  });
});

describe('assertNoConflict', () => {
  function check(options: Options, registry?: Registry, name = 'x') {
    const whole = { ref: name, command: 'make', ...options };
    const imageName = parseReference(name);
    assertNoConflict(whole, { ...modeOf(options), imageName, registry });
  }
  const set = parseRegistry('localhost:5000', 'registry');
  const conflict = (why: RegExp) =>
    slipwayError('SLIPWAY_E_OPTION_CONFLICT', why);

  it('refuses tag with outputsImageRefTo', () => {
    expect(() => check({ tag: 'a', outputsImageRefTo: 'f' })).toThrow(
      conflict(/tag and outputsImageRefTo/),
    );
  });

  it.each([{ disablePush: true }, { skipsLocalDocker: true }])(
    'refuses push: "always" with %j, and nothing else of push',
    (flag) => {
      expect(() => check({ ...flag, push: 'always' }, set)).toThrow(
        conflict(/pushes its image itself/),
      );
      for (const push of ['auto', 'never'] as const) {
        expect(() => check({ ...flag, push }, set)).not.toThrow();
      }
    },
  );

  it('refuses push: "always" where nobody can know the registry', () => {
    const always = { push: 'always' } as const;
    const refused = conflict(
      /push "always" the image is pushed.*"x" names none/,
    );
    expect(() => check(always)).toThrow(refused);
    expect(() => check({ ...always, outputsImageRefTo: 'f' })).toThrow(refused);
    expect(() => check(always, set)).not.toThrow();
    expect(() => check(always, undefined, 'gcr.io/a/x')).not.toThrow();
    expect(() => check(always, undefined, 'acme/x')).not.toThrow();
  });

  it.each([{ disablePush: true }, { skipsLocalDocker: true }])(
    'refuses %j where nobody can know the registry',
    (flag) => {
      expect(() => check(flag)).toThrow(conflict(/names none/));
      expect(() => check({ ...flag, tag: 'dev' })).toThrow(conflict(/names/));
      expect(() => check({ ...flag, tag: 'a:dev' })).toThrow(conflict(/"a"/));
    },
  );

  it.each([
    ['a registry is set', { skipsLocalDocker: true }, set, 'x'],
    ['ref names one', { skipsLocalDocker: true }, undefined, 'gcr.io/a/x'],
    ['it may be of Docker Hub', { disablePush: true }, undefined, 'acme/x'],
    ['tag names one', { disablePush: true, tag: 'a.b/x:1' }, undefined, 'x'],
    [
      'the command says where',
      { disablePush: true, outputsImageRefTo: 'f' },
      undefined,
      'x',
    ],
    [
      'no registry is meant',
      { disablePush: true, skipsLocalDocker: true },
      undefined,
      'x',
    ],
  ] as const)('allows it where %s', (_why, options, registry, name) => {
    expect(() => check(options, registry, name)).not.toThrow();
  });
});
