import type { Cluster } from '../../../../packages/nx-slipway/src/cluster';

const GROUP = 'rbac.authorization.k8s.io';

/**
 * Makes a user who may do no more than a role in one namespace says.
 * @param admin of the cluster
 * @returns the user's token
 */
export async function limitedUser(
  admin: Cluster,
  namespace: string,
  name: string,
  rules: readonly object[],
): Promise<string> {
  const post = async (path: string, body: object) => {
    const request = { method: 'POST', path, body } as const;
    const answer = await admin.request(request);
    if (answer.status !== 201) throw admin.refusal(request, answer);
    return answer.body;
  };
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const roles = `/apis/${GROUP}/v1/namespaces/${namespace}`;
  const metadata = { name };
  await post(accounts, { metadata });
  await post(`${roles}/roles`, { metadata, rules });
  await post(`${roles}/rolebindings`, {
    metadata,
    roleRef: { apiGroup: GROUP, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  const request = await post(`${accounts}/${name}/token`, { spec: {} });
  return (request as { status: { token: string } }).status.token;
}
