import type { NoteLine } from './note-lines';

/**
 * Where the containers of pods were touched, and the lines that say so. Paths are
 * counted, and each is said once.
 */
export class Touched {
  private readonly pods = new Map<string, Map<string, Set<string>>>();
  private readonly numbers = new Map<string, number>();
  private news: NoteLine[] = [];

  knows(uid: string): boolean {
    return this.pods.has(uid);
  }

  /** It grows as the container is touched. */
  in(uid: string, container: string): ReadonlySet<string> {
    return this.pods.get(uid)?.get(container) ?? new Set();
  }

  addPod(uid: string): Map<string, Set<string>> {
    const known = this.pods.get(uid);
    if (known) return known;
    const pod = new Map<string, Set<string>>();
    this.pods.set(uid, pod);
    this.news.push({ kind: 'pod', uid });
    return pod;
  }

  add(uid: string, container: string, paths: Iterable<string>): void {
    const pod = this.addPod(uid);
    const touched = pod.get(container) ?? new Set();
    pod.set(container, touched);
    const added = new Set([...paths].filter((path) => !touched.has(path)));
    if (added.size === 0) return;
    for (const path of added) touched.add(path);
    this.news.push(...this.linesOf(uid, container, [...added]));
  }

  /** @returns whether there were others */
  keep(uids: ReadonlySet<string>): boolean {
    const gone = [...this.pods.keys()].filter((uid) => !uids.has(uid));
    for (const uid of gone) this.pods.delete(uid);
    return gone.length > 0;
  }

  get hasNews(): boolean {
    return this.news.length > 0;
  }

  /** What was added since this was asked for last. */
  takeNews(): NoteLine[] {
    return this.news.splice(0);
  }

  /** All of it, from the first path on; nothing is news then. */
  all(): NoteLine[] {
    this.numbers.clear();
    this.news = [];
    return [...this.pods].flatMap(([uid, containers]) => [
      { kind: 'pod' as const, uid },
      ...[...containers].flatMap(([container, paths]) =>
        this.linesOf(uid, container, [...paths]),
      ),
    ]);
  }

  private linesOf(
    uid: string,
    container: string,
    paths: readonly string[],
  ): NoteLine[] {
    const fresh = paths.filter((path) => !this.numbers.has(path));
    for (const path of fresh) this.numbers.set(path, this.numbers.size);
    const numbers = paths
      .map((path) => this.numbers.get(path) ?? 0)
      .sort((a, b) => a - b);
    return [
      ...(fresh.length > 0 ? [{ kind: 'paths' as const, paths: fresh }] : []),
      { kind: 'touched', uid, container, numbers },
    ];
  }

  /** @param lines as `all` and `takeNews` gave them, one after the other */
  static of(lines: readonly NoteLine[]): Touched {
    const touched = new Touched();
    const paths: string[] = [];
    for (const line of lines) {
      if (line.kind === 'paths') paths.push(...line.paths);
      else if (line.kind === 'pod') touched.addPod(line.uid);
      else {
        const those = line.numbers.map((number) => paths[number] ?? '');
        touched.add(line.uid, line.container, those);
      }
    }
    return touched;
  }
}
