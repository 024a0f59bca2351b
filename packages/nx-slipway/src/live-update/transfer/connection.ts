import { createHash } from 'node:crypto';
import { hasCode } from '../../report';
import { isShellless, transferError } from './advice';
import type { Exec, LinkParts } from './link';
import { HELPED_ROOT, receiverCommand, type Receiver } from './receiver';
import { NEEDED_TOOLS, receiverProgram } from './receiver-program';
import { Session, type NotBegun } from './session';

/** How a container's receivers are started, one after the other. */
export class Connection {
  /** Tells the container from all others. */
  readonly id: string;
  private ordinal = 0;
  /** Of a helper, once it is known that there must be one. */
  private helper?: Exec;
  /** That a helper had to be, other than the first one was. */
  private user?: string;

  constructor(private readonly parts: LinkParts) {
    const { namespace, pod, container } = parts.place;
    const hash = createHash('sha256');
    // The same for the next process of this container, which so finds it again;
    // another for whoever mounts the same volume.
    hash.update(`${namespace}/${pod}/${container}`);
    this.id = hash.digest('hex').slice(0, 12);
  }

  /**
   * @param onBegin told of each that is tried: whoever has it can close it
   * @throws SLIPWAY_E_LIVE_UPDATE, ReceiverError and what exec throws
   */
  async open(onBegin: (session: Session) => void): Promise<Session> {
    for (;;) {
      const session = await this.start(onBegin).catch((error: unknown) =>
        this.seekHelp(error),
      );
      if (session) return session;
    }
  }

  /** @returns undefined if it is to be tried again, otherwise */
  private async start(
    onBegin: (session: Session) => void,
  ): Promise<Session | undefined> {
    const { exec, signal, place } = this.parts;
    this.ordinal += 1;
    const receiver: Receiver = {
      ...{ id: this.id, ordinal: this.ordinal },
      root: this.helper ? HELPED_ROOT : '',
    };
    const command = receiverCommand(receiver);
    const stream = await (this.helper ?? exec)(command, {
      stdin: true,
      signal,
    });
    const session = new Session(stream, receiver.root);
    onBegin(session);
    const not = await session.begin(receiverProgram(receiver));
    if (not) {
      session.close();
      await this.change(not);
      return undefined;
    }
    const missing = NEEDED_TOOLS.filter((tool) => session.missing.has(tool));
    if (missing.length > 0) {
      const words = `no ${missing.join(', no ')}`;
      throw transferError(place, { what: 'its image lacks tools', words });
    }
    return session;
  }

  private async change(not: NotBegun): Promise<void> {
    const { place, helper } = this.parts;
    if ('newer' in not) {
      // Of a process before this one.
      this.ordinal = not.newer;
    } else if (this.user === undefined) {
      this.user = not.user;
      this.helper = await helper?.(not.user);
    } else {
      throw transferError(place, {
        what: 'a helper may not see its files',
        words: `it is not dumpable, or a security module forbids it`,
      });
    }
  }

  private async seekHelp(error: unknown): Promise<undefined> {
    const { helper } = this.parts;
    const isCase =
      hasCode(error, 'SLIPWAY_E_CLUSTER_FAILED') && isShellless(error.message);
    if (!isCase || !helper || this.helper) throw error;
    this.helper = await helper();
  }
}
