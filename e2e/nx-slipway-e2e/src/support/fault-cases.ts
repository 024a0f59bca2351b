import { hangUpAfter, on, once, refusal, type Fault } from './faulty-registry';
import type { Stage } from './fault-stage';

/** A project whose build meets a fault. */
export interface FaultCase {
  readonly project: string;
  /** The fault, for the name of the test. */
  readonly what: string;
  /** Of its repository in the stage's faulty registry. */
  readonly fault?: Fault;
  /** What differs from a build that goes to the faulty registry. */
  readonly options?: (stage: Stage) => Options;
  /** Options that its user corrects afterwards. */
  readonly corrected?: (stage: Stage) => Options;
}

type Options = Readonly<Record<string, unknown>>;

/** A fault that ends the build, until it is healed. */
export interface Failing extends FaultCase {
  readonly code: string;
  readonly reason: RegExp;
  readonly hint: RegExp;
}

const PUT = /^PUT .*\/manifests\//;
const UPLOAD = /^POST .*\/blobs\/uploads\//;
const PATCH = /^PATCH .*\/blobs\/uploads\//;
const HEAD = /^HEAD .*\/manifests\//;
const GET = /^GET .*\/manifests\//;

export const TAG = 'docker tag busybox:1.35 $EXPECTED_REF';
const PUSH_ITSELF = {
  skipsLocalDocker: true,
  command: `${TAG} && docker push -q $EXPECTED_REF`,
};

const lie: Fault = (_request, response) => {
  response.writeHead(200, {
    'content-type': 'application/vnd.oci.image.manifest.v1+json',
    'docker-content-digest': `sha256:${'0'.repeat(64)}`,
  });
  response.end('{"schemaVersion":2}');
  return true;
};

const wait: Fault = (_request, response) => {
  response.writeHead(429, { 'retry-after': '1' }).end();
  return true;
};

const REFUSED = 'SLIPWAY_E_REGISTRY_REFUSED';
const FAILED = 'SLIPWAY_E_REGISTRY_FAILED';

export const FAILING: readonly Failing[] = [
  {
    project: 'expired',
    what: 'a login that expires in the middle of a push (401)',
    fault: on(PUT, refusal(401, 'UNAUTHORIZED', 'authentication required')),
    code: REFUSED,
    reason: /could not push \S+\/expired:nx-.*unauthorized/,
    hint: /docker login localhost:\d+/,
  },
  {
    project: 'forbidden',
    what: 'a repository that may not be pushed to (403)',
    fault: on(UPLOAD, refusal(403, 'DENIED', 'access is denied')),
    code: REFUSED,
    reason: /could not push .*denied/,
    hint: /docker login .*may push/,
  },
  {
    project: 'nowhere',
    what: 'a repository that is not there (404)',
    fault: on(UPLOAD, refusal(404, 'NAME_UNKNOWN', 'no such repository')),
    code: REFUSED,
    reason: /could not push .*no such repository/,
    hint: /[Cc]reate/,
  },
  {
    project: 'crowded',
    what: 'a limit on requests (429)',
    fault: on(PUT, refusal(429, 'TOOMANYREQUESTS', 'rate limit exceeded')),
    code: FAILED,
    reason: /could not push .*toomanyrequests/,
    hint: /Wait, then run it again/,
  },
  {
    project: 'unwell',
    what: 'a registry that is unwell (503)',
    fault: on(PUT, refusal(503, 'UNAVAILABLE', 'come back later')),
    code: FAILED,
    reason: /could not push .*503/,
    hint: /log of the registry/,
  },
  {
    project: 'misaligned',
    what: 'a piece of a layer that does not fit (416)',
    fault: on(PATCH, refusal(416, 'RANGE_INVALID', 'invalid content range')),
    code: FAILED,
    reason: /could not push .*invalid content range/,
    hint: /log of the registry/,
  },
  {
    project: 'immutable',
    what: 'a tag that may not be moved (409)',
    fault: on(PUT, refusal(409, 'TAG_INVALID', 'the tag is immutable')),
    code: REFUSED,
    reason: /could not push .*immutable/,
    hint: /lets no tag change/,
  },
  {
    project: 'lying',
    what: 'a manifest that has not the digest that is told of it',
    fault: on(GET, lie),
    options: () => PUSH_ITSELF,
    code: FAILED,
    reason: /bytes that do not have the digest sha256:000/,
    hint: /changes what it says/,
  },
  {
    project: 'untrusted',
    what: 'a certificate of a CA that nobody knows',
    options: ({ tls }) => ({ registry: tls.host }),
    corrected: ({ tls: { host, caFile } }) => ({ registry: { host, caFile } }),
    code: 'SLIPWAY_E_REGISTRY_TLS',
    reason: /certificate of the registry localhost:\d+ is not trusted/,
    hint: /caFile/,
  },
  {
    project: 'wrong-login',
    what: 'a wrong password',
    options: ({ logins }) => ({ registry: logins.wrong.host }),
    code: REFUSED,
    reason: /\(HTTP 401\) with the credentials of .*config\.json/,
    hint: /docker login localhost:\d+/,
  },
  {
    project: 'no-login',
    what: 'a registry that wants a login, and none is there',
    options: ({ logins }) => ({ registry: logins.nobody.host }),
    code: REFUSED,
    reason: /\(HTTP 401\) without credentials/,
    hint: /docker login localhost:\d+/,
  },
  {
    project: 'registry-full',
    what: 'a registry whose disk is full',
    options: ({ full }) => ({ registry: full.host }),
    code: FAILED,
    // All that Docker 20.10 passes on of it.
    reason: /could not push .*500 Internal Server Error/,
    hint: /log of the registry/,
  },
  {
    project: 'record-full',
    what: 'no room for the record',
    options: ({ faulty }) => ({
      registry: faulty.host,
      recordFile: '{workspaceRoot}/full/record.json',
    }),
    code: 'SLIPWAY_E_RECORD_WRITE',
    reason: /full\/record\.json: ENOSPC/,
    hint: /room.*recordFile/,
  },
];

/** Faults that a build gets over by itself. */
export const SURVIVED: readonly FaultCase[] = [
  {
    project: 'reset',
    what: 'a connection that breaks in the middle of a layer',
    // Docker tries five times, and waits 5 s longer before each.
    fault: once(on(PATCH, hangUpAfter(100_000))),
    // A layer of its own: what the registry has elsewhere is not sent.
    options: () => ({ command: 'docker build -q -t $EXPECTED_REF .' }),
  },
  {
    project: 'busy',
    what: 'a registry that asks for a second (429 with Retry-After)',
    fault: once(on(HEAD, wait)),
  },
  {
    project: 'headless',
    what: 'a registry that takes no HEAD',
    fault: on(HEAD, refusal(405, 'UNSUPPORTED', 'no HEAD here')),
  },
  {
    project: 'login-of-file',
    what: 'a password, from config.json',
    options: ({ logins }) => ({ registry: logins.file.host }),
  },
  {
    project: 'login-of-helper',
    what: 'a password, from a credential helper',
    options: ({ logins }) => ({ registry: logins.helper.host }),
  },
  {
    project: 'login-by-token',
    what: 'a password for a token',
    options: ({ tokens }) => ({ registry: tokens.host }),
  },
  {
    project: 'private-ca',
    what: 'TLS of a private CA, pushed by Docker',
    options: ({ tls: { host, caFile } }) => ({ registry: { host, caFile } }),
  },
  {
    project: 'private-ca-itself',
    what: 'TLS of a private CA, pushed by skopeo',
    options: ({ tls: { host, caFile }, certificates }) => ({
      registry: { host, caFile },
      skipsLocalDocker: true,
      command: [
        ...['skopeo', 'copy', '--quiet', '--dest-cert-dir', certificates],
        ...['--authfile', '$DOCKER_CONFIG/config.json'],
        ...['--src-daemon-host', '$DOCKER_HOST'],
        ...['docker-daemon:busybox:1.35', 'docker://$EXPECTED_REF'],
      ].join(' '),
    }),
  },
];
