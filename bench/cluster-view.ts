import { watchObjects, type Cluster } from '../packages/nx-slipway/src/cluster';

interface Pod {
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status?: {
    readonly conditions?: readonly { type: string; status: string }[];
  };
}

interface Deployment {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: Pick<Pod, 'spec'> };
}

/** A namespace as the API server tells of it, to whoever watches. */
export class ClusterView {
  private deployments: readonly Deployment[] = [];
  private pods: readonly Pod[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly ends: (() => void)[] = [];

  static async open(cluster: Cluster, namespace: string): Promise<ClusterView> {
    const view = new ClusterView();
    const watch = async (path: string, take: (objects: unknown[]) => void) => {
      const watched = await watchObjects(cluster, {
        path,
        onChange: (objects) => {
          take([...objects.values()]);
          for (const listener of view.listeners) listener();
        },
        onError: (error) => {
          throw error;
        },
      });
      view.ends.push(() => watched.close());
    };
    await watch(`/apis/apps/v1/namespaces/${namespace}/deployments`, (all) => {
      view.deployments = all as Deployment[];
    });
    await watch(`/api/v1/namespaces/${namespace}/pods`, (all) => {
      view.pods = all as Pod[];
    });
    return view;
  }

  /** What a Deployment is to run. */
  imageOf(deployment: string): string | undefined {
    const found = this.deployments.find(
      ({ metadata }) => metadata.name === deployment,
    );
    return found?.spec.template.spec.containers[0]?.image;
  }

  /** When it is seen to run another image. */
  async applied(deployment: string, before: string | undefined) {
    return this.seen(() => this.imageOf(deployment) !== before);
  }

  /** When a pod of that image is ready, and no pod is there that is not. */
  async ready(image: string): Promise<number> {
    return this.seen(() => this.pods.some((pod) => isReady(pod, image)));
  }

  /** When so many pods are there, and all are ready. */
  async settled(pods: number): Promise<number> {
    return this.seen(
      () => this.pods.length === pods && this.pods.every((pod) => isReady(pod)),
    );
  }

  close(): void {
    for (const end of this.ends) end();
  }

  /** @returns by `performance.now()` */
  private seen(isIt: () => boolean): Promise<number> {
    return new Promise((resolve) => {
      const listener = () => {
        if (!isIt()) return;
        this.listeners.delete(listener);
        resolve(performance.now());
      };
      this.listeners.add(listener);
      listener();
    });
  }
}

function isReady({ spec, status }: Pod, image?: string): boolean {
  return (
    (image === undefined || spec.containers[0]?.image === image) &&
    (status?.conditions ?? []).some(
      ({ type, status: is }) => type === 'Ready' && is === 'True',
    )
  );
}
