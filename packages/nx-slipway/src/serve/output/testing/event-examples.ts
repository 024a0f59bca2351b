import type { ServeEvent } from '../../events';

type Examples = {
  readonly [Type in ServeEvent['type']]: readonly Extract<
    ServeEvent,
    { type: Type }
  >[];
};

const fault = {
  code: 'SLIPWAY_E_COMMAND_FAILED',
  message: '"make" ended with exit code 2 in apps/frontend.',
  hint: 'The command itself failed.',
};

/**
 * Some of each type, with all that an event can hold; one that is missing does
 * not compile.
 */
export const EVENT_EXAMPLES: Examples = {
  start: [
    {
      type: 'start',
      pid: 4711,
      context: 'kind-dev',
      registry: 'localhost:5000',
      projects: [
        { name: 'shop', configuration: 'dev', namespace: 'shop' },
        { name: 'admin', namespace: 'admin' },
      ],
      images: ['api', 'frontend'],
      trigger: 'auto',
    },
    {
      type: 'start',
      pid: 1,
      context: 'minikube',
      projects: [],
      images: [],
      trigger: 'manual',
    },
  ],
  change: [
    {
      type: 'change',
      subjects: [{ image: 'frontend' }, { project: 'shop' }],
      files: ['apps/frontend/src/index.ts'],
      count: 3,
    },
  ],
  state: [
    { type: 'state', image: 'frontend', state: 'building' },
    { type: 'state', image: 'frontend', state: 'failed', fault },
    { type: 'state', project: 'shop', state: 'progressing' },
    { type: 'state', project: 'shop', state: 'lost', fault: { message: 'x' } },
  ],
  phase: [
    { type: 'phase', image: 'frontend', phase: 'build' },
    { type: 'phase', project: 'shop', phase: 'apply', ms: 19.4 },
  ],
  cycle: [
    {
      type: 'cycle',
      image: 'frontend',
      result: 'ready',
      ms: 410,
      phases: [
        { name: 'detect', ms: 8 },
        { name: 'build', ms: 310 },
        { name: 'push', ms: 42 },
        { name: 'apply', ms: 19 },
        { name: 'ready', ms: 1100 },
      ],
      ref: 'registry:5000/frontend:nx-ab0431ce57521a0a',
    },
    {
      type: 'cycle',
      image: 'frontend',
      result: 'done',
      ms: 14.2,
      phases: [
        { name: 'detect', ms: 4 },
        { name: 'sync', ms: 6 },
        { name: 'run', ms: 3 },
        { name: 'restart', ms: 1 },
      ],
      live: { containers: 2, files: 1 },
    },
    {
      type: 'cycle',
      project: 'shop',
      result: 'failed',
      ms: 12,
      phases: [],
      fault,
    },
  ],
  'live-update': [
    { type: 'live-update', image: 'frontend', containers: 2, files: 3 },
  ],
  objects: [
    {
      type: 'objects',
      project: 'shop',
      objects: [
        {
          action: 'changed',
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'shop',
          name: 'web',
          diff: [{ path: 'spec.paused', from: 'true', to: 'false' }],
          moreChanges: 2,
          rolls: true,
        },
        {
          action: 'kept',
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          name: 'data',
          reason: 'it may hold data',
        },
      ],
    },
  ],
  output: [
    {
      type: 'output',
      image: 'frontend',
      phase: 'build',
      stream: 'stderr',
      line: '#5 [2/2] COPY src /app',
    },
  ],
  log: [
    {
      type: 'log',
      project: 'shop',
      namespace: 'shop',
      pod: 'web-5d9c7b8f6d-x2v4q',
      container: 'web',
      line: 'listening on 8080',
    },
  ],
  event: [
    {
      type: 'event',
      project: 'shop',
      object: 'pod/web-5d9c7b8f6d-x2v4q',
      reason: 'OOMKilled',
      message: 'container web was killed at its limit of 64Mi',
    },
  ],
  drift: [
    {
      type: 'drift',
      project: 'shop',
      object: 'deployment/web',
      message: 'spec.replicas was changed by kubectl',
    },
  ],
  'port-forward': [
    {
      type: 'port-forward',
      project: 'shop',
      object: 'deployment/web',
      state: 'open',
      url: 'http://localhost:8080',
      pod: 'web-5d9c7b8f6d-x2v4q',
      message: 'x',
    },
  ],
  message: [
    { type: 'message', level: 'info', text: 'paused', image: 'frontend' },
    { type: 'message', level: 'error', text: 'x', project: 'shop' },
  ],
  'up-to-date': [{ type: 'up-to-date', ms: 1520 }],
  end: [
    { type: 'end', reason: 'cancelled' },
    { type: 'end', reason: 'failed', fault },
  ],
};

export const ALL_EXAMPLES: readonly ServeEvent[] =
  Object.values(EVENT_EXAMPLES).flat();
