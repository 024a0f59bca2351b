import { readAllocation } from '../allocation';
import { SandboxError } from '../error';
import type { Layout } from '../layout';
import type { Sandbox } from '../sandbox';
import { apiOf } from './api';

const REGISTRY_CONFIG_MAP =
  '/api/v1/namespaces/kube-public/configmaps/local-registry-hosting';

/**
 * Tells about the registry in the cluster, as KEP-1755 has it, or takes that
 * back.
 * https://github.com/kubernetes/enhancements/tree/master/keps/sig-cluster-lifecycle/generic/1755-communicating-a-local-registry
 */
export async function tellRegistry(
  layout: Layout,
  registry: Sandbox['registry'] | undefined,
): Promise<void> {
  const allocation = await readAllocation(layout);
  if (allocation === undefined) return;
  const api = await apiOf(layout, allocation.ports.apiserver);
  await api(REGISTRY_CONFIG_MAP, { method: 'DELETE' });
  if (registry === undefined) return;
  const [collection, name] = REGISTRY_CONFIG_MAP.split(/\/(?=[^/]+$)/);
  const hosting = [
    `host: "${registry.host}"`,
    `hostFromContainerRuntime: "${registry.hostFromCluster}"`,
  ];
  const { status, body } = await api(collection ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: { 'localRegistryHosting.v1': `${hosting.join('\n')}\n` },
    }),
  });
  if (status === 201) return;
  throw new SandboxError(
    'SANDBOX_E_CONFIG_MAP',
    `The cluster did not take the registry's ConfigMap: ${status} ${body}`,
  );
}
