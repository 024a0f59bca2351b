import { isSuccess, type Cluster } from '../../cluster';
import type { KubeObject } from '../../manifest';
import {
  inventoryIn,
  labelSelector,
  parentOf,
  setInWords,
  unreadable,
  type Inventory,
  type InventoryPlace,
} from './inventory';
import { MANAGER } from '../fields';

/** The parent object of a set in a cluster. */
export class InventoryStore {
  /** What stands there, as far as we know. */
  private standing?: Inventory;
  private readonly path: string;

  constructor(
    private readonly cluster: Cluster,
    readonly place: InventoryPlace,
  ) {
    const namespace = encodeURIComponent(place.namespace);
    this.path = `/api/v1/namespaces/${namespace}/configmaps`;
  }

  /**
   * @returns undefined if there is none
   * @throws SLIPWAY_E_SET_CLAIMED for an object of that name that is no
   *   inventory, or of a newer version's, and as Cluster.request
   */
  async read(): Promise<Inventory | undefined> {
    const path = `${this.path}/${this.place.name}`;
    const parent = await this.cluster.get<KubeObject>(path);
    if (!parent) return undefined;
    const error = unreadable(parent);
    if (error) throw error;
    this.standing = inventoryIn(parent);
    return this.standing;
  }

  /** Nothing is sent if it stands there already. @throws as Cluster.request */
  async write(inventory: Inventory): Promise<void> {
    const body = parentOf(this.place, inventory);
    const before = this.standing && parentOf(this.place, this.standing);
    if (JSON.stringify(body) === JSON.stringify(before)) return;
    const query = `fieldManager=${MANAGER}&force=true`;
    const request = {
      method: 'PATCH' as const,
      path: `${this.path}/${this.place.name}?${query}`,
      contentType: 'application/apply-patch+yaml',
      body,
    };
    const answer = await this.cluster.request(request);
    if (!isSuccess(answer)) throw this.cluster.refusal(request, answer);
    this.standing = inventory;
  }

  /** @throws as Cluster.request */
  async remove(): Promise<void> {
    const path = `${this.path}/${this.place.name}`;
    const request = { method: 'DELETE' as const, path };
    const answer = await this.cluster.request(request);
    if (isSuccess(answer) || answer.status === 404) return;
    throw this.cluster.refusal(request, answer);
  }
}

/**
 * Whose set has that id, for people: its parent is looked for where the object
 * is that it has claimed, and then wherever one may look.
 */
export async function ownerInWords(
  cluster: Cluster,
  setId: string,
  namespace: string,
): Promise<string> {
  const places = [`/namespaces/${encodeURIComponent(namespace)}`, ''];
  for (const place of places) {
    const list = await cluster.getIfPermitted<{ items?: KubeObject[] }>(
      `/api/v1${place}/configmaps?${labelSelector('id', setId)}`,
    );
    const [parent] = list?.items ?? [];
    if (parent) return setInWords(parent);
  }
  return `the ApplySet ${setId}`;
}
