import type { LiveObject, ServedPod } from '../deploy';
import type { PodObject } from '../live-update';
import type { ServedForeign } from './desired';
import { ForeignUnit, type ForeignHost } from './foreign-unit';
import type { ImageHost } from './image-host';
import { ImageUnit } from './image-unit';
import type { ProjectImages } from './project-host';
import type { ProjectUnit } from './project-unit';

export type AnyUnit = ImageUnit | ForeignUnit;

/** What has come of it that other images are wanted than before. */
export interface Adopted {
  readonly added: readonly AnyUnit[];
  /** Of which options are others. */
  readonly changed: readonly AnyUnit[];
  readonly dropped: readonly AnyUnit[];
}

/** The images of all projects, each once, and the pods that run them. */
export class Units {
  private readonly images = new Map<string, ImageUnit>();
  private readonly foreign = new Map<string, ForeignUnit>();
  private readonly wanted = new Map<ProjectUnit, ProjectImages>();
  private readonly pods = new Map<ProjectUnit, readonly ServedPod[]>();

  constructor(
    private readonly imageHost: ImageHost,
    private readonly foreignHost: ForeignHost,
  ) {}

  get all(): AnyUnit[] {
    return [...this.images.values(), ...this.foreign.values()];
  }

  image(key: string): ImageUnit | undefined {
    return this.images.get(key);
  }

  childrenOf({ key }: ImageUnit): ImageUnit[] {
    return [...this.images.values()].filter(({ parentKeys }) =>
      parentKeys.includes(key),
    );
  }

  /** Keeps what is wanted, and drops what no project wants any more. */
  adopt(project: ProjectUnit, wanted: ProjectImages): Adopted {
    this.wanted.set(project, wanted);
    const { imageHost, foreignHost } = this;
    const images = adoptInto(
      this.images,
      wanted.images,
      (spec) => new ImageUnit(spec, imageHost),
    );
    const foreign = adoptInto(
      this.foreign,
      wanted.foreign,
      (spec) => new ForeignUnit(spec, foreignHost),
    );
    const dropped = this.dropUnwanted();
    this.tellPods(project);
    return {
      added: [...images.added, ...foreign.added],
      changed: [...images.changed, ...foreign.changed],
      dropped,
    };
  }

  /** The pods of a project, as they are now: whatever runs its images. */
  setPods(project: ProjectUnit, pods: readonly ServedPod[]): void {
    this.pods.set(project, pods);
    this.tellPods(project);
  }

  /** Has others take the place of the pods that run an image of nobody's. */
  async replacePods({ key }: ForeignUnit): Promise<void> {
    await Promise.all(
      [...this.wanted].map(async ([project, { foreign }]) => {
        const spec = foreign.find((each) => each.key === key);
        const pods = this.pods.get(project)?.filter(({ pod }) => {
          return spec !== undefined && runs(pod, spec);
        });
        if (pods?.length) await project.served.set.replacePods(pods);
      }),
    );
  }

  /** Has another take the place of one. */
  async replacePod({ metadata: { uid } }: PodObject): Promise<void> {
    for (const [project, pods] of this.pods) {
      const found = pods.filter(({ pod }) => pod.metadata.uid === uid);
      if (found.length > 0) await project.served.set.replacePods(found);
    }
  }

  private tellPods(project: ProjectUnit): void {
    const { images = [], foreign = [] } = this.wanted.get(project) ?? {};
    const pods = this.pods.get(project)?.map(({ pod }) => pod) ?? [];
    for (const { key } of [...images, ...foreign]) {
      const unit = this.images.get(key) ?? this.foreign.get(key);
      unit?.setPods(project.name, pods);
    }
  }

  private dropUnwanted(): AnyUnit[] {
    const wanted = [...this.wanted.values()].flatMap(
      ({ images, foreign }): { readonly key: string }[] => [
        ...images,
        ...foreign,
      ],
    );
    const keys = new Set(wanted.map(({ key }) => key));
    const dropped = this.all.filter(({ key }) => !keys.has(key));
    for (const unit of dropped) {
      this.images.delete(unit.key);
      this.foreign.delete(unit.key);
      unit.retire();
    }
    return dropped;
  }
}

interface Kept<S> {
  /** @returns whether it is another than before */
  respecify(spec: S): boolean;
}

/** Has a unit for each of these, by its key. */
function adoptInto<S extends { readonly key: string }, U extends Kept<S>>(
  units: Map<string, U>,
  specs: readonly S[],
  make: (spec: S) => U,
) {
  const added: U[] = [];
  const changed: U[] = [];
  for (const spec of specs) {
    const known = units.get(spec.key);
    if (known?.respecify(spec)) changed.push(known);
    if (known) continue;
    const unit = make(spec);
    units.set(spec.key, unit);
    added.push(unit);
  }
  return { added, changed };
}

function runs(pod: LiveObject, { isOurs }: ServedForeign): boolean {
  const { containers = [], initContainers = [] } = (pod.spec ?? {}) as PodSpec;
  return [...containers, ...initContainers].some(
    ({ image }) => image !== undefined && isOurs(image),
  );
}

interface PodSpec {
  readonly containers?: readonly { readonly image?: string }[];
  readonly initContainers?: PodSpec['containers'];
}
