import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../layout';
import { CONTEXT } from '../sandbox';
import { json, readText, writeWhole } from '../system/files';
import { run } from '../system/run';

export interface Credentials {
  /** token,user,uid,groups */
  readonly tokens: string;
  /** Signs the tokens of service accounts. */
  readonly serviceAccountKey: string;
  /** Shows kubelet that it is the API server who asks. */
  readonly kubeletClientKey: string;
  readonly kubeletClientCertificate: string;
}

export function credentialsOf(layout: Layout): Credentials {
  const at = (file: string) => join(layout.cluster, 'pki', file);
  return {
    tokens: at('tokens.csv'),
    serviceAccountKey: at('service-account.key'),
    kubeletClientKey: at('kubelet-client.key'),
    kubeletClientCertificate: at('kubelet-client.crt'),
  };
}

async function makeClientCertificate(files: Credentials): Promise<void> {
  await run([
    ...(['openssl', 'req', '-x509', '-nodes', '-days', '3650'] as const),
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ...['-subj', '/O=system:masters/CN=kube-apiserver-kubelet-client'],
    ...['-addext', 'extendedKeyUsage=clientAuth'],
    ...['-keyout', files.kubeletClientKey],
    ...['-out', files.kubeletClientCertificate],
  ]);
}

function serviceAccountKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs1',
    format: 'pem',
  }) as string;
}

/** Makes those that are not there; the last one made is the tokens. */
export async function ensureCredentials(layout: Layout): Promise<Credentials> {
  const files = credentialsOf(layout);
  if (existsSync(files.tokens)) return files;
  await mkdir(join(layout.cluster, 'pki'), { recursive: true, mode: 0o700 });
  await makeClientCertificate(files);
  await writeWhole(files.serviceAccountKey, serviceAccountKey(), 0o600);
  const token = randomBytes(24).toString('hex');
  await writeWhole(
    files.tokens,
    `${token},slipway-admin,slipway-admin,"system:masters"\n`,
    0o600,
  );
  return files;
}

export async function adminToken(layout: Layout): Promise<string> {
  const tokens = (await readText(credentialsOf(layout).tokens)) ?? '';
  return tokens.split(',')[0] ?? '';
}

/** Where the API server puts the certificate it signs for itself. */
export const servingCertificates = (layout: Layout) =>
  join(layout.cluster, 'pki', 'serving');

/** Written as JSON, which is YAML. Its CA is the one of the API server. */
export async function writeKubeconfig(
  layout: Layout,
  port: number,
): Promise<void> {
  const ca = await readText(join(servingCertificates(layout), 'apiserver.crt'));
  const [name, token] = [CONTEXT, await adminToken(layout)];
  await writeWhole(
    layout.kubeconfig,
    json({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [
        {
          name,
          cluster: {
            server: `https://127.0.0.1:${port}`,
            'certificate-authority-data': Buffer.from(ca ?? '').toString(
              'base64',
            ),
          },
        },
      ],
      users: [{ name, user: { token } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    }),
    0o600,
  );
}
