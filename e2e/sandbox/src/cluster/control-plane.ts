import { join } from 'node:path';
import type { Allocation } from '../allocation';
import { networksOf } from '../allocation';
import type { Daemon } from '../daemons/daemon';
import type { Layout } from '../layout';
import { isOk } from '../system/http';
import { kubernetesProgram } from '../tools/tools';
import type { Api } from './api';
import { credentialsOf, servingCertificates } from './credentials';

const flags = (options: Record<string, string | number | boolean>) =>
  Object.entries(options).map(([name, value]) => `--${name}=${value}`);

const LOOPBACK = '127.0.0.1';

export function etcdDaemon(layout: Layout, { ports }: Allocation): Daemon {
  const client = `http://${LOOPBACK}:${ports.etcd}`;
  const peer = `http://${LOOPBACK}:${ports.etcdPeer}`;
  return {
    name: 'etcd',
    argv: [
      '/usr/bin/etcd',
      ...flags({
        'data-dir': join(layout.cluster, 'etcd'),
        'listen-client-urls': client,
        'advertise-client-urls': client,
        'listen-peer-urls': peer,
        'initial-advertise-peer-urls': peer,
        'initial-cluster': `default=${peer}`,
        'log-level': 'warn',
      }),
    ],
    healthy: () => isOk(`${client}/health`),
  };
}

export function apiserverDaemon(
  layout: Layout,
  { ports, octet }: Allocation,
  api: Api,
): Daemon {
  const credentials = credentialsOf(layout);
  return {
    name: 'apiserver',
    argv: [
      kubernetesProgram(layout, 'kube-apiserver'),
      ...flags({
        'etcd-servers': `http://${LOOPBACK}:${ports.etcd}`,
        'bind-address': LOOPBACK,
        'secure-port': ports.apiserver,
        'advertise-address': LOOPBACK,
        // No endpoint may be on loopback, and we listen nowhere else.
        'endpoint-reconciler-type': 'none',
        'cert-dir': servingCertificates(layout),
        'token-auth-file': credentials.tokens,
        'authorization-mode': 'RBAC',
        'service-cluster-ip-range': networksOf(octet).services,
        'service-account-key-file': credentials.serviceAccountKey,
        'service-account-signing-key-file': credentials.serviceAccountKey,
        'service-account-issuer': 'https://kubernetes.default.svc',
        'api-audiences': 'https://kubernetes.default.svc',
        'kubelet-client-certificate': credentials.kubeletClientCertificate,
        'kubelet-client-key': credentials.kubeletClientKey,
        // The node's name is in no DNS.
        'kubelet-preferred-address-types': 'InternalIP',
        'allow-privileged': true,
        // Nothing that a request was sent for may linger after TERM.
        'shutdown-delay-duration': '0s',
      }),
    ],
    healthy: async () => (await api('/readyz')).status === 200,
    startWithin: 60_000,
  };
}

export function controllerManagerDaemon(
  layout: Layout,
  { ports }: Allocation,
): Daemon {
  const port = ports.controllerManager;
  return {
    name: 'controller-manager',
    argv: [
      kubernetesProgram(layout, 'kube-controller-manager'),
      ...flags({
        kubeconfig: layout.kubeconfig,
        'bind-address': LOOPBACK,
        'secure-port': port,
        'leader-elect': false,
        controllers: '*',
        'service-account-private-key-file':
          credentialsOf(layout).serviceAccountKey,
        'root-ca-file': join(servingCertificates(layout), 'apiserver.crt'),
      }),
    ],
    healthy: () => isOk(`https://${LOOPBACK}:${port}/healthz`, OWN_CERTIFICATE),
  };
}

/** These sign for themselves; on loopback nobody else can answer. */
const OWN_CERTIFICATE = { rejectUnauthorized: false } as const;

export function schedulerDaemon(layout: Layout, { ports }: Allocation): Daemon {
  const port = ports.scheduler;
  return {
    name: 'scheduler',
    argv: [
      kubernetesProgram(layout, 'kube-scheduler'),
      ...flags({
        kubeconfig: layout.kubeconfig,
        'bind-address': LOOPBACK,
        'secure-port': port,
        'leader-elect': false,
      }),
    ],
    healthy: () => isOk(`https://${LOOPBACK}:${port}/healthz`, OWN_CERTIFICATE),
  };
}
