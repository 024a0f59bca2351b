import { cancelled, failedTasks } from './failed-tasks';
import type { Batch, ImageTasks, Request, RunOptions } from './request';
import { runBatch } from './run-batch';

/**
 * The runs of Nx that prepare for images. What is asked for in the same turn
 * shares a run; no task is in two runs at a time.
 */
export class TaskRuns {
  private waiting: Request[] = [];
  private readonly running = new Set<Batch>();
  private isScheduled = false;

  /** @throws SLIPWAY_E_COMMAND_FAILED, SLIPWAY_E_CANCELLED */
  async run(of: ImageTasks, options: RunOptions): Promise<void> {
    const { signal } = options;
    if (signal.aborted) throw cancelled(of);
    let onAbort = () => {};
    const end = new Promise<void>((done, fail) => {
      const request = { of, options, done, fail };
      onAbort = () => this.cancel(request);
      this.waiting.push(request);
    });
    signal.addEventListener('abort', onAbort, { once: true });
    this.schedule();
    await end.finally(() => signal.removeEventListener('abort', onAbort));
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.start();
    });
  }

  /** Starts all that have no task in common with what runs. */
  private start(): void {
    const batches: Batch[] = [];
    this.waiting = this.waiting.filter((request) => {
      const ids = request.of.all.map(({ id }) => id);
      const fitting = batches.find((batch) => isFor(request, batch));
      const isHeld = [...this.running, ...batches].some(
        (batch) => batch !== fitting && ids.some((id) => batch.ids.has(id)),
      );
      if (isHeld) return true;
      const batch = fitting ?? emptyBatch();
      if (!fitting) batches.push(batch);
      batch.requests.add(request);
      for (const id of ids) batch.ids.add(id);
      return false;
    });
    for (const batch of batches) void this.attend(batch);
  }

  private async attend(batch: Batch): Promise<void> {
    this.running.add(batch);
    const settle = await runBatch(batch).then(
      (failures) =>
        ({ of, done, fail }: Request) => {
          const error = failedTasks(of, failures);
          if (error) fail(error);
          else done();
        },
      (error: unknown) =>
        ({ of, options, fail }: Request) =>
          fail(options.signal.aborted ? cancelled(of) : error),
    );
    this.running.delete(batch);
    batch.requests.forEach(settle);
    this.schedule();
  }

  /** The last one in a run waits until what was started is gone. */
  private cancel(request: Request): void {
    const batch = [...this.running].find(({ requests }) =>
      requests.has(request),
    );
    if (batch?.requests.size === 1) {
      batch.cancel.abort();
      return;
    }
    batch?.requests.delete(request);
    this.waiting = this.waiting.filter((one) => one !== request);
    request.fail(cancelled(request.of));
  }
}

function emptyBatch(): Batch {
  return {
    requests: new Set(),
    ids: new Set(),
    cancel: new AbortController(),
  };
}

/** One run has one root and one configuration. */
function isFor({ of }: Request, { requests }: Batch): boolean {
  const [first] = requests;
  return (
    first?.of.root === of.root && first.of.configuration === of.configuration
  );
}
