import { answerError } from './cluster-errors';

const PATH = '/api/v1/namespaces/shop/configmaps/a';

describe('a refusal', () => {
  const target = { context: 'kind-test', server: 'https://127.0.0.1' };
  const refused = (status: number, message: string) =>
    answerError(target, `PATCH ${PATH}`, { status, body: { message } });

  it('names the right that is missing', () => {
    const { code, message, hint } = refused(
      403,
      'deployments.apps "web" is forbidden: User "ann" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
    );
    expect(code).toBe('SLIPWAY_E_CLUSTER_REFUSED');
    expect(message).toContain(
      `refuses PATCH ${PATH}, you may not patch deployments.apps in the namespace shop`,
    );
    expect(hint).toContain(
      '{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch"] }',
    );
  });

  it.each([
    [
      'pods "a" is forbidden: User "ann" cannot create resource "pods/exec" in API group "" in the namespace "shop"',
      /you may not create pods\/exec in the namespace shop/,
    ],
    [
      'deployments.apps "a" is forbidden: User "ann" cannot patch resource "deployments/scale" in API group "apps" at the cluster scope',
      /you may not patch deployments\.apps\/scale:/,
    ],
    [
      'roles.rbac.authorization.k8s.io "a" is forbidden: user "ann" (groups=["x"]) is attempting to grant RBAC permissions not currently held',
      /attempting to grant/,
    ],
    ['forbidden: User "ann" cannot get path "/version"', /cannot get path/],
  ])('of %j is one of RBAC', (said, words) => {
    const { code, message } = refused(403, said);
    expect(code).toBe('SLIPWAY_E_CLUSTER_REFUSED');
    expect(message).toMatch(words);
  });

  it.each([
    [403, 'admission webhook "no.acme.dev" denied the request: no', /policy/],
    [422, 'ValidatingAdmissionPolicy "x" denied request: no', /policy/],
    [
      500,
      'Internal error occurred: failed calling webhook "x": timeout',
      /webhook/,
    ],
    [403, 'pods "a" is forbidden: exceeded quota: q', /ResourceQuota/],
    [403, 'pods "a" is forbidden: violates PodSecurity "x"', /Pod Security/],
    [403, 'pods "a" is forbidden: maximum cpu usage is 1', /admission plugin/],
    [
      403,
      'pods "a" is forbidden: unable to create new content in namespace x because it is being terminated',
      /gone/,
    ],
    [401, 'admission webhook "x" denied the request: who?', /policy/],
    [404, 'the server could not find the requested resource', /not there/],
    [409, 'the object has been modified', /at the same time/],
    [413, 'Request entity too large', /larger/],
    [422, 'Service "a" is invalid: spec.ports', /kubectl explain/],
    [400, 'strict decoding error: unknown field "x"', /kubectl explain/],
    [400, 'bad', /log of the API server/],
  ])('of %i with %j is none of RBAC', (status, said, why) => {
    const { code, message, hint } = refused(status, said);
    expect(code).toBe('SLIPWAY_E_CLUSTER_FAILED');
    expect(message).toContain(said);
    expect(hint).toMatch(why);
  });
});
