import type { ServedObject } from '../deploy';
import type { ManifestObject } from '../manifest';
import type { Cycle } from './cycle';
import type { LoadedManifests } from './desired';
import type { Fault } from './events';
import { readinessOf, type Readiness } from './held-back';
import type { ImageUnit } from './image-unit';

/** What was sent of an object last. */
interface Sent {
  readonly manifest: ManifestObject;
  readonly at: number;
}

/** What the cluster is to have of a project, as far as it can be said now. */
export interface DesiredObjects {
  /** In the order of the manifests. */
  readonly objects: readonly ServedObject[];
  readonly ready: readonly Readiness[];
}

/** The objects of a project with the images in them, and what was sent of them. */
export class ProjectObjects {
  private readonly sent = new Map<string, Sent>();

  constructor(private readonly image: (key: string) => ImageUnit | undefined) {}

  /** Whether it is not known yet of one of the images whether it stands. */
  isUnknown({ images }: LoadedManifests): boolean {
    return images.some(
      ({ key }) => (this.image(key)?.state ?? 'checking') === 'checking',
    );
  }

  /** @param readAt when the manifests were read, by the clock */
  async desired(
    loaded: LoadedManifests,
    readAt: number,
  ): Promise<DesiredObjects> {
    const current = new Map(
      loaded.images.flatMap(({ key }) => {
        const image = this.image(key)?.image;
        return image ? [[key, image] as const] : [];
      }),
    );
    const injected = await loaded.inject(current);
    const ready = loaded.objects.map(({ manifest, images }) => {
      const appliedAt = this.sent.get(idOf(manifest))?.at ?? -Infinity;
      const of = images.map((key) => {
        const {
          image,
          workSince,
          settledAt = -Infinity,
        } = this.image(key) ?? {};
        return { isThere: image !== undefined, workSince, settledAt };
      });
      return readinessOf(of, readAt, appliedAt);
    });
    const objects = loaded.objects.map(({ manifest: written }, index) => {
      const manifest = injected[index] ?? written;
      if (ready[index] === 'go') return { manifest, isBlocked: false };
      const before = this.sent.get(idOf(written))?.manifest;
      return { manifest: before ?? manifest, isBlocked: before === undefined };
    });
    return { objects, ready };
  }

  /** @param at when the pass began that sent them, by the clock */
  noteSent(
    loaded: LoadedManifests,
    { objects, ready }: DesiredObjects,
    at: number,
  ): void {
    const ids = loaded.objects.map(({ manifest }) => idOf(manifest));
    ids.forEach((id, index) => {
      const manifest = objects[index]?.manifest;
      if (ready[index] === 'go' && manifest) {
        this.sent.set(id, { manifest, at });
      }
    });
    const there = new Set(ids);
    for (const id of this.sent.keys()) if (!there.has(id)) this.sent.delete(id);
  }

  /** Whether an image of a cycle waits in an object for another image. */
  isLater(
    { subject: { image } }: Cycle,
    { objects }: LoadedManifests,
    ready: readonly Readiness[],
  ): boolean {
    if (image === undefined) return false;
    return objects.some(
      ({ images }, index) =>
        ready[index] === 'soon' &&
        images.some((key) => this.image(key)?.name === image),
    );
  }

  /** The images without which a part of it cannot be applied. */
  missing({ images }: LoadedManifests): Fault | undefined {
    const names = images
      .filter(({ key }) => !this.image(key)?.image)
      .map(({ name }) => name);
    if (names.length === 0) return undefined;
    return { message: `waits for ${names.join(' and ')}` };
  }
}

/** Of an object in the cluster, whatever is in it. */
export function idOf({
  object: { apiVersion, kind, metadata },
}: ManifestObject) {
  const { name, namespace = '' } = metadata;
  return JSON.stringify([apiVersion, kind, namespace, name]);
}
