import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A key, and a certificate for it that vouches for itself. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** @param folder where the two files may be left */
export function selfSigned(folder: string, name: string): Certificate {
  const [keyFile, certFile] = [`${name}.key`, `${name}.crt`].map((file) =>
    join(folder, file),
  ) as [string, string];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-nodes', '-days', '2'],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-subj', `/CN=${name}`],
      ...['-addext', `subjectAltName=IP:127.0.0.1,DNS:${name}`],
      ...['-keyout', keyFile, '-out', certFile],
    ],
    { stdio: 'pipe' },
  );
  return {
    key: readFileSync(keyFile, 'utf8'),
    cert: readFileSync(certFile, 'utf8'),
  };
}
