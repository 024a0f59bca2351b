import type { ClusterNode } from '../cluster';
import { parseReference } from '../image';
import { nodesLacking } from './lacking';

const linux = { os: 'linux', architecture: 'amd64' };
const node = (
  name: string,
  images: readonly string[] = [],
  status: ClusterNode['status'] = {},
): ClusterNode => ({
  metadata: { name },
  status: {
    images: [{ names: images }],
    conditions: [{ type: 'Ready', status: 'True' }],
    nodeInfo: { operatingSystem: 'linux', architecture: 'amd64' },
    ...status,
  },
});
const lacking = (
  ref: string,
  nodes: readonly ClusterNode[],
  known: readonly string[] = [],
) =>
  nodesLacking({ ref: parseReference(ref), platform: linux }, nodes, (name) =>
    known.includes(name),
  );

it('skips nodes that list the image, however their runtime writes it', () => {
  const nodes = [
    node('containerd', ['docker.io/library/web:nx-1', 'busybox:1']),
    node('docker', ['web:nx-1']),
    node('older', ['web:nx-2', 'web@sha256:0']),
    node('other', ['gcr.io/acme/web:nx-1', 'docker.io/acme/web:nx-1']),
    node('rubbish', ['<none>:nx-1', ':nx-1']),
  ];
  expect(lacking('web:nx-1', nodes)).toEqual(['older', 'other', 'rubbish']);
  expect(lacking('gcr.io/acme/web:nx-1', nodes)).not.toContain('other');
});

it('skips those that this process has brought it to', () => {
  expect(lacking('web:nx-1', [node('a'), node('b')], ['a'])).toEqual(['b']);
});

const down = [{ type: 'Ready', status: 'Unknown' }];

it('skips those that cannot run it, or nothing', () => {
  const nodes = [
    node('arm', [], {
      nodeInfo: { operatingSystem: 'linux', architecture: 'arm64' },
    }),
    node('windows', [], {
      nodeInfo: { operatingSystem: 'windows', architecture: 'amd64' },
    }),
    node('down', [], { conditions: down }),
    node('silent', [], { nodeInfo: undefined, conditions: undefined }),
    {},
  ];
  expect(lacking('web:nx-1', nodes)).toEqual(['silent', '']);
});

it('takes those of a cluster that has just started, of which none is ready', () => {
  const nodes = [
    node('a', [], { conditions: down }),
    node('b', ['web:nx-1'], { conditions: down }),
    node('arm', [], {
      nodeInfo: { operatingSystem: 'linux', architecture: 'arm64' },
    }),
  ];
  expect(lacking('web:nx-1', nodes)).toEqual(['a']);
});
