import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { SlipwayError } from '../report';
import type { Transport } from './address';

type Ssh = Extract<Transport, { kind: 'ssh' }>;
type Env = Readonly<Record<string, string | undefined>>;

/** How much of what ssh complains an error repeats, in characters. */
const LAST_WORDS = 1000;

/**
 * Reaches a daemon as the `docker` command does: `docker system dial-stdio` on
 * the other machine, one ssh for each request. It is the user's own ssh, whose
 * configuration, known hosts and agent count here too; docker-modem's own knows
 * none of them and takes any host key.
 */
export function sshAgent(target: Ssh, env: Env): Agent {
  const agent = new Agent({ keepAlive: false, maxSockets: 4 });
  return Object.assign(agent, {
    createConnection: () => connect(target, env),
  });
}

/** As docker/cli, cli/connhelper/ssh. `--`: a host is never an option. */
function sshArguments({ user, host, port, socket }: Ssh): string[] {
  const remote = socket
    ? ['docker', '--host', `unix://${socket}`, 'system', 'dial-stdio']
    : ['docker', 'system', 'dial-stdio'];
  return [
    ...['-T', '-o', 'ConnectTimeout=30'],
    ...(user ? ['-l', user] : []),
    ...(port ? ['-p', String(port)] : []),
    ...['--', host, ...remote],
  ];
}

function connect(target: Ssh, env: Env): Duplex {
  const child = spawn('ssh', sshArguments(target), {
    env: { ...env },
    windowsHide: true,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-LAST_WORDS);
  });
  const stream = new Duplex({
    read: () => void child.stdout.resume(),
    // A pipe that broke is ssh having ended, and that says why below.
    write: (chunk, _encoding, done) => child.stdin.write(chunk, () => done()),
    final: (done) => child.stdin.end(() => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk) => {
    if (!stream.push(chunk)) child.stdout.pause();
  });
  // Not `close`, which waits for a ControlPersist master that holds stderr.
  Promise.all([once(child, 'exit'), once(child.stdout, 'end')]).then(
    async ([[code]]) => {
      await setImmediate();
      if (code === 0) stream.push(null);
      else stream.destroy(sshEnded(target, code as number, complaint));
    },
    (error: Error) => stream.destroy(noSsh(target, error)),
  );
  return stream;
}

function sshEnded({ host }: Ssh, code: number | null, complaint: string) {
  const why = complaint.trim().replace(/\s+/g, ' ') || `it ended with ${code}`;
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_NOT_RUNNING',
    message: `ssh did not reach Docker on ${host}: ${why}`,
    hint: `Try ssh ${host} docker version; it must work without a question.`,
  });
}

function noSsh({ host }: Ssh, cause: Error): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_NOT_RUNNING',
    message: `ssh could not be started to reach Docker on ${host}: ${cause.message}.`,
    hint: 'Install the ssh client, or set DOCKER_HOST to another address.',
    cause,
  });
}
