import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';
import { executorContext } from '../../testing/executor-context';
import { slipwayError } from '../../testing/slipway-error';
import type { ServeExecutorSchema } from './schema';
import { SERVE, ServeTargets } from './targets';

type Targets = Record<string, TargetConfiguration>;

const serves = (options: ServeExecutorSchema = {}): TargetConfiguration => ({
  executor: SERVE,
  options,
});

function contextOf(
  projects: Record<string, Targets>,
  more: Partial<ExecutorContext> = {},
): ExecutorContext {
  const context = executorContext({
    root: '/ws',
    project: 'shop',
    target: 'serve',
    projects: Object.fromEntries(
      Object.entries(projects).map(([name, targets]) => [
        name,
        { root: name, targets },
      ]),
    ),
  });
  return { ...context, ...more };
}

describe('the projects of a serve', () => {
  it('are its own and those of the option, each once', () => {
    const options = { projects: ['api', 'shop', 'api'] };
    const context = contextOf({ shop: { serve: serves(options) } });
    expect(new ServeTargets(options, context).names()).toEqual(['shop', 'api']);
  });

  it('have the options of their own targets, whatever these are called', () => {
    const context = contextOf({
      shop: { serve: serves({ namespace: 'shop' }) },
      api: {
        serve: { executor: 'nx:run-commands' },
        'k8s-serve': serves({ namespace: 'api' }),
      },
    });
    const { options, context: own } = new ServeTargets(
      { namespace: 'shop' },
      context,
    ).of('api');
    expect(options).toEqual({ namespace: 'api' });
    expect(own).toMatchObject({ projectName: 'api', targetName: 'k8s-serve' });
  });

  it('take from the command line where all of them go, and nothing else', () => {
    const context = contextOf({
      shop: { serve: serves() },
      api: { serve: serves({ logs: 'none' }) },
    });
    const typed: ServeExecutorSchema = { context: 'kind-a', logs: 'all' };
    const targets = new ServeTargets(typed, context);
    expect(targets.of('shop').options).toEqual(typed);
    expect(targets.of('api').options).toEqual({
      context: 'kind-a',
      logs: 'none',
    });
  });

  it('tell what of a reload counts from the next start only', () => {
    const projects = (shop: ServeExecutorSchema, api: ServeExecutorSchema) =>
      contextOf({ shop: { serve: serves(shop) }, api: { serve: serves(api) } });
    const before: ServeExecutorSchema = { projects: ['api'], logs: 'all' };
    const targets = new ServeTargets(before, projects(before, {}));
    const again = { ...before, pin: 'tag', portForwards: true } as const;
    expect(targets.reloaded(projects(again, {}))).toEqual([]);
    expect(
      targets.reloaded(
        projects({ ...again, logs: 'none' }, { namespace: 'other' }),
      ),
    ).toEqual(['logs of shop', 'namespace of api']);
  });

  it('stay as they were where one of them cannot be served any more', () => {
    const context = contextOf({ shop: { serve: serves({ pin: 'tag' }) } });
    const targets = new ServeTargets({ pin: 'tag' }, context);
    expect(() => targets.reloaded(contextOf({ shop: {} }))).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /shop, which has no target/),
    );
    expect(targets.of('shop').options.pin).toBe('tag');
  });

  it('keep what was typed, whatever the target says by now', () => {
    const targets = new ServeTargets(
      { logs: 'all' },
      contextOf({ shop: { serve: serves() } }),
    );
    const now = contextOf({ shop: { serve: serves({ logs: 'none' }) } });
    expect(targets.reloaded(now)).toEqual([]);
    expect(targets.of('shop').options.logs).toBe('all');
  });

  it('refuses one that does not exist, and one that holds no manifests', () => {
    const context = contextOf({ shop: { serve: serves() }, lib: {} });
    const targets = new ServeTargets({}, context);
    expect(() => targets.of('shpo')).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /shpo, which does not exist/),
    );
    expect(() => targets.of('lib')).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /lib, which has no target/),
    );
  });
});

describe('options that are read again', () => {
  const reload = (targets: ServeTargets, projects: Record<string, Targets>) =>
    targets.reloaded(contextOf(projects));

  it('are those of the project as it is now', () => {
    const context = contextOf({ shop: { serve: serves({ timeout: '1m' }) } });
    const targets = new ServeTargets({ timeout: '1m' }, context);
    reload(targets, { shop: { serve: serves({ timeout: '2m' }) } });
    expect(targets.of('shop').options).toEqual({ timeout: '2m' });
  });

  it('keep what was typed', () => {
    const context = contextOf({ shop: { serve: serves({ timeout: '1m' }) } });
    const targets = new ServeTargets({ timeout: '9m' }, context);
    reload(targets, { shop: { serve: serves({ timeout: '2m' }) } });
    expect(targets.of('shop').options).toEqual({ timeout: '9m' });
  });

  it('take no default of the schema for what was typed', () => {
    const context = contextOf({ shop: { serve: serves() } });
    const targets = new ServeTargets(
      { logs: 'changed', trigger: 'auto' },
      context,
    );
    reload(targets, { shop: { serve: serves({ logs: 'none' }) } });
    expect(targets.of('shop').options).toEqual({ logs: 'none' });
  });

  it('are of the configuration that was asked for', () => {
    const target = (namespace: string): TargetConfiguration => ({
      ...serves(),
      configurations: { dev: { namespace } },
    });
    const context = contextOf(
      { shop: { serve: target('one') } },
      { configurationName: 'dev' },
    );
    const targets = new ServeTargets({ namespace: 'one' }, context);
    reload(targets, { shop: { serve: target('two') } });
    expect(targets.of('shop').options).toEqual({ namespace: 'two' });
  });
});
