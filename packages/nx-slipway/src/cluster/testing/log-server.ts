import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from './open-cluster';

interface Written {
  readonly at: number;
  readonly text: string;
  /** Whether it goes on with the line before. */
  readonly isPart: boolean;
}

/** A container, as its kubelet has it. */
interface Run {
  readonly id: string;
  readonly written: Written[];
  isRunning: boolean;
}

const NAMESPACE = 'shop';

/** Answers for one pod with one container, and its logs, as the API does. */
export class LogServer {
  uid = 'uid-1';
  isThere = true;
  /** Of the questions for logs. */
  readonly queries: URLSearchParams[] = [];
  readonly runs: Run[] = [];
  restartPolicy = 'Always';
  /** Answers a question for the log in its place. */
  fault?: (response: ServerResponse) => boolean;
  private readonly streams = new Set<{ run: Run; response: ServerResponse }>();
  private time = Date.UTC(2026, 0, 1) * 1000;

  get streamCount(): number {
    return this.streams.size;
  }

  start(): void {
    const id = `containerd://${this.runs.length}`;
    this.runs.push({ id, written: [], isRunning: true });
  }

  /** @param step microseconds since the line before */
  write(text: string, step = 1): void {
    this.time += step;
    this.put(`${text}\n`);
  }

  /** Without a line end. */
  writePart(text: string): void {
    this.time++;
    this.put(text);
  }

  /** The container ends; so do the streams of it. */
  end(): void {
    const { run } = this;
    run.isRunning = false;
    for (const { run: of, response } of this.streams) {
      if (of === run) response.end();
    }
  }

  /** Its streams end, and a line is written that none of them had. */
  endBefore(text: string): void {
    for (const { response } of this.streams) response.end();
    this.streams.clear();
    this.write(text);
  }

  /** As a server that is killed. */
  breakStreams(): void {
    for (const { response } of this.streams) response.destroy();
  }

  answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const pod = `/api/v1/namespaces/${NAMESPACE}/pods/web`;
    if (!this.isThere) json(response, { message: 'pod not found' }, 404);
    else if (pathname === pod) json(response, this.pod());
    else if (pathname === `${pod}/log`) this.serve(searchParams, response);
    else json(response, {}, 404);
  };

  private get run(): Run {
    const run = this.runs.at(-1);
    if (!run) throw new Error('no container has started');
    return run;
  }

  private put(text: string): void {
    const { written } = this.run;
    const isPart = written.at(-1)?.text.endsWith('\n') === false;
    const line = { at: this.time, text, isPart };
    written.push(line);
    for (const { run, response } of this.streams) {
      if (run === this.run) response.write(shown(line));
    }
  }

  private pod() {
    const [before, run] = [this.runs.at(-2), this.runs.at(-1)];
    const ended = (of?: Run) =>
      of && { terminated: { containerID: of.id, exitCode: 1 } };
    const state = run?.isRunning ? { running: {} } : ended(run);
    return {
      metadata: { name: 'web', uid: this.uid },
      spec: { restartPolicy: this.restartPolicy },
      status: {
        containerStatuses: [
          {
            name: 'main',
            containerID: run?.id,
            state: state ?? { waiting: {} },
            lastState: ended(before) ?? {},
          },
        ],
      },
    };
  }

  private serve(query: URLSearchParams, response: ServerResponse): void {
    this.queries.push(query);
    if (this.fault?.(response)) return;
    const run = this.runs.at(query.get('previous') ? -2 : -1);
    if (!run) return void json(response, { message: 'waiting' }, 400);
    const since = Date.parse(query.get('sinceTime') ?? '') * 1000 || 0;
    const tail = Number(query.get('tailLines') ?? Infinity);
    const lines = run.written.filter(({ at }) => at >= since);
    response.writeHead(200).flushHeaders();
    for (const line of lines.slice(-tail)) response.write(shown(line));
    if (!run.isRunning || query.get('follow') !== 'true') {
      response.end();
      return;
    }
    const stream = { run, response };
    this.streams.add(stream);
    response.on('close', () => this.streams.delete(stream));
  }
}

function shown({ at, text, isPart }: Written): string {
  if (isPart) return text;
  const time = new Date(at / 1000).toISOString().slice(0, -1);
  const micros = String(at % 1000).padStart(3, '0');
  return `${time}${micros}000Z ${text}`;
}
