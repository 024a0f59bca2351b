import { SandboxError } from './error';
import type { External } from './settings';
import { ask } from './system/http';
import { run } from './system/run';

const TIMEOUT = { timeout: 10_000 };

async function checkDocker(host: string): Promise<void> {
  await run(['docker', '--host', host, 'version'], TIMEOUT).catch((cause) => {
    throw new SandboxError(
      'SANDBOX_E_DOCKER_HOST',
      `The Docker at ${host} does not answer.`,
      'Start it, or unset DOCKER_HOST to have one started.',
      { cause },
    );
  });
}

async function checkRegistry(host: string): Promise<void> {
  const answers = await Promise.all(
    ['http', 'https'].map((scheme) => ask(`${scheme}://${host}/v2/`)),
  );
  // 401: it is one, and wants to know who asks.
  if (answers.some(({ status }) => status === 200 || status === 401)) return;
  throw new SandboxError(
    'SANDBOX_E_REGISTRY',
    `No registry answers at ${host}.`,
    'Start it, or leave out --registry to have one started.',
  );
}

async function checkContext(kubeconfig: string, context: string) {
  const argv = ['--kubeconfig', kubeconfig, '--context', context] as const;
  await run(['kubectl', ...argv, 'get', '--raw', '/readyz'], TIMEOUT).catch(
    (cause) => {
      throw new SandboxError(
        'SANDBOX_E_CLUSTER',
        `The cluster of context ${context} in ${kubeconfig} does not answer.`,
        'Start it, or leave out --context to have one started.',
        { cause },
      );
    },
  );
}

/** Does what the user named answer? */
export async function checkExternal(external: External): Promise<void> {
  const { dockerHost, registry, kubeconfig, context } = external;
  await Promise.all([
    dockerHost && checkDocker(dockerHost),
    registry && checkRegistry(registry),
    kubeconfig && context && checkContext(kubeconfig, context),
  ]);
}
