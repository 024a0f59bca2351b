import type { Readable, Writable } from 'node:stream';

/** A command that runs in a container. */
export interface ExecStream {
  /**
   * Its end is the command's where the API server speaks v5.channel.k8s.io
   * (Kubernetes 1.30); before, a command that waits for it must be told
   * otherwise. It is destroyed, without an error, when the command has ended.
   */
  readonly stdin: Writable;
  /**
   * Both end when the command has, however. Both have one way: what is not read
   * of the one holds up the other, and the end. Not wanted: `resume()`.
   */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /**
   * When it has, and all that it said is in the streams. Of a command that ends
   * while more than some 200 kB of its stdin are unread, no kubelet may ever say
   * it (containerd 1.6; kubectl waits for ever too): who sends much needs a
   * deadline, or a command that reads to the end.
   * @throws SLIPWAY_E_CLUSTER_FAILED if it could not be run,
   *   SLIPWAY_E_CLUSTER_UNREACHABLE if the connection broke,
   *   SLIPWAY_E_CANCELLED if it was ended here. Nobody needs to look.
   */
  readonly ended: Promise<ExecEnd>;
  /** Ends the connection. What runs goes on, without stdin. */
  close(): void;
}

export interface ExecEnd {
  /**
   * 0 to 255; of a signal 128 + its number: 137 is killed. 126 and 127 are what
   * a shell says; of a command that is not there it is an error.
   */
  readonly exitCode: number;
}
