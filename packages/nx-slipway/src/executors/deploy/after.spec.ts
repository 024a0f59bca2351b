import { executorContext } from '../../testing/executor-context';
import { slipwayError } from '../../testing/slipway-error';
import { assertDeployOrder } from './after';

/** Projects that are deployed, each after others. */
function check(project: string, after: Record<string, string[]>): void {
  const projects = Object.fromEntries(
    Object.entries(after).map(([name, others]) => {
      const options = { after: others };
      const deploy = { executor: 'nx-slipway:deploy', options };
      return [name, { root: name, targets: { 'k8s-deploy': deploy } }];
    }),
  );
  const context = executorContext({
    root: '/ws',
    project,
    projects: { ...projects, lib: { root: 'lib', targets: {} } },
  });
  assertDeployOrder({ after: after[project] }, context);
}

describe('the option after', () => {
  it('takes projects that are deployed', () => {
    expect(() => check('a', { a: ['b', 'c'], b: ['c'], c: [] })).not.toThrow();
  });

  it('refuses what is no project, and says which it may be', () => {
    expect(() => check('shop', { shop: ['databse'], database: [] })).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /databse, which does not exist/),
    );
  });

  it('refuses a project that nobody deploys', () => {
    expect(() => check('a', { a: ['lib'] })).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /lib, which has no target/),
    );
  });

  it('refuses a circle, and shows it', () => {
    expect(() => check('a', { a: ['b'], b: ['c'], c: ['a'] })).toThrow(
      slipwayError('SLIPWAY_E_OPTION_CONFLICT', /a after b after c after a/),
    );
  });

  it('is looked through once, however many ways lead there', () => {
    const layers = Array.from({ length: 40 }, (_, layer) => [
      [`a${layer}`, [`a${layer + 1}`, `b${layer + 1}`]] as const,
      [`b${layer}`, [`a${layer + 1}`, `b${layer + 1}`]] as const,
    ]).flat();
    const all = Object.fromEntries([
      ...layers.map(([name, after]) => [name, [...after]]),
      ['a40', []],
      ['b40', []],
    ]) as Record<string, string[]>;
    expect(() => check('a0', all)).not.toThrow();
  });

  it('counts in whatever configuration it stands', () => {
    const after = { after: ['shop'] };
    const deploy = { executor: 'nx-slipway:deploy' };
    const context = executorContext({
      root: '/ws',
      project: 'shop',
      projects: {
        shop: { root: 'shop', targets: { deploy } },
        database: {
          root: 'database',
          targets: { deploy: { ...deploy, configurations: { ci: after } } },
        },
      },
    });
    expect(() => assertDeployOrder({ after: ['database'] }, context)).toThrow(
      slipwayError(
        'SLIPWAY_E_OPTION_CONFLICT',
        /shop after database after shop/,
      ),
    );
  });
});
