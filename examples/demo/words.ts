import { type Sandbox, USE_WHAT_IS_THERE } from '@nx-slipway/sandbox';
import { NAMESPACE } from './cluster';

export const USAGE = `npm run demo -- [options]

Builds and deploys examples/shop with nx-slipway, changes one file and deploys
again. On Debian 12 as root everything that is missing is installed
first; elsewhere name what you have.

  -y, --yes                  do not ask before something is installed
${USE_WHAT_IS_THERE}
  -h, --help`;

/** How to look around, and how to stop. */
export function farewell(
  shop: string,
  { context }: NonNullable<Sandbox['cluster']>,
): string[] {
  const kubectl = `kubectl --context ${context}`;
  return [
    '\n== Look around, and stop',
    '   eval "$(npm run -s sandbox -- env)"   in this clone: Docker, kubectl, ko',
    `   ${kubectl} -n ${NAMESPACE} get pods,services`,
    `   cd ${shop} && npx nx run shop:deploy`,
    '   npx nx run shop:down   there: takes the shop down',
    '   npm run sandbox -- down   in this clone: stops everything',
  ];
}
