import type { Target } from '../desired';
import type { Following, WithPods } from './following';
import type { Memory } from './memory';
import { servedPods } from './pods';
import type { ServedPod } from './types';

type OnPods = (pods: readonly ServedPod[]) => void;

/** Tells of the pods of a set whenever they are others than before. */
export class PodFeed {
  private readonly listeners = new Set<OnPods>();
  private pods: readonly ServedPod[] = [];
  private state = '';

  constructor(
    private readonly following: Following,
    private readonly memory: Memory,
    private readonly targets: () => readonly Target[],
  ) {}

  /** @returns what ends it */
  listen(onPods: OnPods): () => void {
    // Each has an end of its own, also of one function that is told twice.
    const listener: OnPods = (pods) => onPods(pods);
    if (this.listeners.size === 0) this.look();
    this.listeners.add(listener);
    onPods(this.pods);
    return () => this.listeners.delete(listener);
  }

  look(): void {
    const all = this.following.withPods(this.targets());
    this.pods = all.flatMap((each) => this.podsOf(each));
    const state = this.pods.map(stateOf).join();
    if (state === this.state) return;
    this.state = state;
    for (const onPods of this.listeners) onPods(this.pods);
  }

  private podsOf({ target, live, related }: WithPods): ServedPod[] {
    const { object } = this.memory.get(target.key) ?? {};
    const { generation = 0 } = object?.metadata ?? {};
    return servedPods(target, live, generation, related);
  }
}

/** All that can change of one. */
function stateOf({ pod: { metadata }, isNewest }: ServedPod): string {
  return `${metadata.uid} ${metadata.resourceVersion} ${isNewest}`;
}
