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
});
