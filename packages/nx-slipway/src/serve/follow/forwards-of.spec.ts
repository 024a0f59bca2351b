import { parseForwardObject } from './forward-object';
import { forwardsOf } from './forwards-of';

const service = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ...spec },
});
const ports = (...numbers: readonly number[]) => ({
  ports: numbers.map((port) => ({ port })),
});
/** `LOCAL:PORT` */
const shown = (...services: readonly ReturnType<typeof service>[]) =>
  forwardsOf(true, services).map(
    ({ object, port, containerPort }) => `${port}:${object}:${containerPort}`,
  );

describe('the forwards of a project', () => {
  it('are those that are declared', () => {
    const declared = [{ object: 'web', port: 8080 }];
    const services = [service('web', ports(80))];
    expect(forwardsOf(declared, services)).toEqual(declared);
    expect(forwardsOf(false, services)).toEqual([]);
  });

  it('are those of the Services, from 1024 on', () => {
    expect(
      shown(service('web', ports(80, 443)), service('db', ports(5432))),
    ).toEqual([
      '8080:service/web:80',
      '8443:service/web:443',
      '5432:service/db:5432',
    ]);
  });

  it('are each at a port of its own', () => {
    const three = ['a', 'b', 'c'].map((name) => service(name, ports(80)));
    expect(shown(...three, service('d', ports(8081)))).toEqual([
      '8080:service/a:80',
      '8081:service/b:80',
      '8082:service/c:80',
      '8083:service/d:8081',
    ]);
  });

  it.each([
    ['whose endpoints somebody else makes', { selector: undefined }],
    ['with an empty selector', { selector: {} }],
    ['that are a name elsewhere', { type: 'ExternalName' }],
    ['without ports', { ports: undefined }],
    ['of UDP', { ports: [{ port: 53, protocol: 'UDP' }] }],
  ])('are none of Services %s', (_what, spec) => {
    expect(shown(service('web', { ...ports(80), ...spec }))).toEqual([]);
  });
});

describe('what is forwarded to', () => {
  it.each([
    ['deployment/web', 'deployment'],
    ['deploy/web', 'deployment'],
    ['Deployments/web', 'deployment'],
    ['deployments.apps/web', 'deployment'],
    ['svc/web', 'service'],
    ['sts/web', 'statefulset'],
    ['po/web', 'pod'],
    ['pods/web', 'pod'],
    ['ds/web', 'daemonset'],
    ['widget/web', 'widget'],
    ['web', undefined],
  ])('is named as kubectl names it: %s', (text, kind) => {
    expect(parseForwardObject(text)).toEqual({ kind, name: 'web' });
  });
});
