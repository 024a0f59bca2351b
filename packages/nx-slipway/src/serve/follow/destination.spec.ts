import { destinationOf } from './destination';
import type { Forward } from './forwards-of';
import type { ServedPod } from '../../deploy';
import { servedPod } from './testing/pods';

const service = (ports: readonly object[], selector?: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: selector ?? { app: 'web' }, ports },
});
const labels = { app: 'web' };

function to(
  forward: Partial<Forward>,
  pods: readonly ServedPod[],
  ...services: readonly ReturnType<typeof service>[]
) {
  const found = destinationOf(
    { object: 'deployment/web', port: 8080, ...forward },
    { pods, services },
  );
  if (typeof found === 'string' || 'wrong' in found) return found;
  return `${found.namespace}/${found.pod}:${found.port}`;
}

describe('a connection goes to', () => {
  it('the newest pod that is ready', () => {
    const old = servedPod({ name: 'old', isNewest: false });
    const first = servedPod({ name: 'first' });
    const later = { name: 'later', createdAt: '2026-01-02T00:00:00Z' };
    expect(to({}, [old])).toBe('shop/old:8080');
    expect(to({}, [old, first])).toBe('shop/first:8080');
    expect(to({}, [first, servedPod(later), old])).toBe('shop/later:8080');
    const starting = servedPod({ ...later, isReady: false });
    expect(to({}, [first, starting])).toBe('shop/first:8080');
    expect(to({}, [starting])).toBe('none');
    expect(to({}, [])).toBe('none');
  });

  it.each(['deployment/web', 'deploy/web', 'web', 'pod/web-1', 'web-1'])(
    'a pod of %s',
    (object) => {
      const other = servedPod({ name: 'api-1', owner: 'api' });
      expect(to({ object }, [other, servedPod()])).toBe('shop/web-1:8080');
    },
  );

  it.each(['statefulset/web', 'deployment/api', 'pod/web', 'api'])(
    'no pod of another object: %s',
    (object) => {
      expect(to({ object }, [servedPod()])).toBe('none');
    },
  );

  it('what a Service selects, at the port that its own leads to', () => {
    const ports = [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'admin', port: 81 },
    ];
    const pods = [
      servedPod({ labels, ports: [{ name: 'web', containerPort: 3000 }] }),
      servedPod({ name: 'api', owner: 'api', createdAt: '2027' }),
    ];
    const at = (given: Partial<Forward>) =>
      to({ object: 'service/web', ...given }, pods, service(ports));
    expect(at({ port: 80 })).toBe('shop/web-1:3000');
    expect(at({ containerPort: 'admin' })).toBe('shop/web-1:81');
    expect(at({ containerPort: 81 })).toBe('shop/web-1:81');
    expect(at({ port: 8080 })).toEqual({
      wrong: 'the Service web has no port 8080',
    });
    expect(at({ object: 'svc/api' })).toBe('none');
  });

  it('the only port of a Service, whatever the local one', () => {
    const only = service([{ port: 80, targetPort: 3000 }]);
    const given = { object: 'service/web' };
    expect(to(given, [servedPod({ labels })], only)).toBe('shop/web-1:3000');
    const strict = { ...given, containerPort: 81 };
    expect(to(strict, [servedPod({ labels })], only)).toEqual({
      wrong: 'the Service web has no port 81',
    });
  });

  it('a Service by its name alone only where no workload has it', () => {
    const given = service([{ port: 80, targetPort: 3000 }]);
    const object = 'web';
    expect(to({ object }, [servedPod({ labels })], given)).toBe(
      'shop/web-1:8080',
    );
    const other = servedPod({ owner: 'frontend', labels });
    expect(to({ object }, [other], given)).toBe('shop/web-1:3000');
  });

  it('nothing of a Service without selector', () => {
    const given = service([{ port: 80 }], {});
    expect(to({ object: 'service/web' }, [servedPod()], given)).toBe('none');
  });

  it.each([
    ['the number that is said', { containerPort: 80 }, [], '80'],
    [
      'the one of that name',
      { containerPort: 'http' },
      [['http', 3000]],
      '3000',
    ],
    [
      'the same as here',
      {},
      [
        ['a', 1],
        ['b', 2],
      ],
      '8080',
    ],
    [
      'the same as here, if it is one',
      {},
      [
        ['a', 1],
        ['b', 8080],
      ],
      '8080',
    ],
    ['the only one', {}, [['a', 3000]], '3000'],
  ] as const)('%s of the container', (_what, given, declared, port) => {
    const ports = declared.map(([name, containerPort]) => ({
      name,
      containerPort,
    }));
    expect(to(given, [servedPod({ ports })])).toBe(`shop/web-1:${port}`);
  });

  it('no port that no container names', () => {
    const ports = [{ name: 'dns', containerPort: 53, protocol: 'UDP' }];
    expect(to({ containerPort: 'dns' }, [servedPod({ ports })])).toEqual({
      wrong: 'no container of the pod web-1 has a port named dns',
    });
  });
});
