import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { SlipwayError } from '../report';

const CERTIFICATE =
  /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

type Env = Readonly<Record<string, string | undefined>>;

/** Where systems keep what they trust, as Go's crypto/x509 looks for it. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Node 22.15 and later; on macOS and Windows it reads the keychains. */
interface Node22 {
  getCACertificates?: (type: 'system') => string[];
}

/**
 * Whom to trust: Node's own roots, the system's, since a company's CA that
 * Docker trusts is there and Node does not look, and `caFile`. Made once for
 * all connections, for parsing the roots takes tens of milliseconds.
 * @param caFile absolute; '' for none
 * @throws SLIPWAY_E_REGISTRY_TLS if `caFile` cannot be used
 */
export async function trusted(
  env: Env,
  caFile: string,
): Promise<tls.SecureContext> {
  const own = caFile ? await readCaFile(caFile) : '';
  const { getCACertificates } = tls as Node22;
  const keychains =
    process.platform === 'linux' ? [] : (getCACertificates?.('system') ?? []);
  const bundles = await systemBundles(env);
  return tls.createSecureContext({
    ca: [...tls.rootCertificates, ...keychains, ...bundles, own],
  });
}

async function readCaFile(caFile: string): Promise<string> {
  let blocks: readonly string[];
  try {
    const pem = await readFile(caFile, 'utf8');
    blocks = pem.match(CERTIFICATE) ?? [];
    // TLS passes over what it cannot read, and then trusts nobody.
    for (const block of blocks) new X509Certificate(block);
  } catch (error) {
    throw badCaFile(caFile, (error as Error).message, error);
  }
  if (blocks.length > 0) return blocks.join('\n');
  throw badCaFile(caFile, 'there is no PEM certificate in it');
}

/** What the system trusts, and what Node is told to trust beside it. */
async function systemBundles(env: Env): Promise<string[]> {
  const extra = await readIfThere(env.NODE_EXTRA_CA_CERTS ?? '');
  const paths = env.SSL_CERT_FILE ? [env.SSL_CERT_FILE] : SYSTEM_BUNDLES;
  for (const path of paths) {
    const bundle = await readIfThere(path);
    if (bundle) return [bundle, extra];
  }
  return [extra];
}

/** @returns '' if it cannot be read: a handshake that needs it says so */
async function readIfThere(path: string): Promise<string> {
  try {
    return path === '' ? '' : await readFile(path, 'utf8');
  } catch {
    return '';
  }
}

function badCaFile(caFile: string, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_TLS',
    message: `the caFile ${caFile} of the registry cannot be used: ${why}.`,
    hint: 'It holds the certificate of the authority that signed the certificate of the registry, in PEM.',
    cause,
  });
}
