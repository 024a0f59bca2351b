import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import { SocketServer } from './socket-server';

/**
 * Runs commands as an API server and a kubelet do, as processes of this machine,
 * whatever pod they are for.
 */
export class ExecServer extends SocketServer {
  override protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
  readonly processes: ChildProcess[] = [];
  /** Bytes of each frame that stdin has brought. */
  readonly frames: number[] = [];

  static start(): Promise<ExecServer> {
    return new ExecServer().listen();
  }

  override async stop(): Promise<void> {
    for (const child of this.processes) child.kill('SIGKILL');
    await super.stop();
  }

  protected serve(tunnel: WebSocket, { searchParams }: URL): void {
    const [command = '', ...args] = searchParams.getAll('command');
    const child = spawn(command, args);
    const { stdin, stdout, stderr } = child;
    this.processes.push(child);
    if (!searchParams.has('stdin')) stdin.end();
    // Of a command that has ended before all was written.
    stdin.on('error', () => undefined);
    stdin.on('close', () => tunnel.resume());
    [stdin, stdout, stderr].forEach((_, channel) =>
      tunnel.send(Buffer.of(channel)),
    );
    send(tunnel, 1, stdout);
    send(tunnel, 2, stderr);
    tunnel.on('message', (message: Buffer) => {
      if (message[0] === 255) return void stdin.end();
      this.frames.push(message.length);
      if (stdin.destroyed || stdin.write(message.subarray(1))) return;
      tunnel.pause();
      stdin.once('drain', () => tunnel.resume());
    });
    const tell = (status: object) => {
      tunnel.send(Buffer.from(`\u0003${JSON.stringify(status)}`));
      tunnel.close(1000);
      tunnel.resume();
    };
    child.on('error', ({ message }) => tell(failure(message)));
    child.on('close', (code) =>
      tell(code === 0 ? SUCCESS : exit(code ?? KILLED)),
    );
    // What runs goes on.
    tunnel.on('close', () => stdin.end());
  }
}

function send(tunnel: WebSocket, channel: number, stream: Readable): void {
  stream.on('data', (data: Buffer) => {
    stream.pause();
    tunnel.send(Buffer.concat([Buffer.of(channel), data]), () =>
      stream.resume(),
    );
  });
}

const KILLED = 137;
const SUCCESS = { metadata: {}, status: 'Success' };

function failure(message: string) {
  return { status: 'Failure', message, reason: 'InternalError', code: 500 };
}

const exit = (code: number) => ({
  status: 'Failure',
  message: `command terminated with non-zero exit code: exit status ${code}`,
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: `${code}` }] },
});
