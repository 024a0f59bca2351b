import { resourcePath, type Cluster } from '../../cluster';
import type { LiveObject } from '../live';
import { fieldsOf } from './status';

const STORAGE_CLASSES = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  namespaced: false,
};

/**
 * Whether the class of a PersistentVolumeClaim gives it a volume at once, rather
 * than when a pod wants it. The server has written the default class into it.
 * @returns false too for a claim without class, and if the user may not look
 */
export async function bindsAtOnce(
  claim: LiveObject,
  cluster: Cluster,
): Promise<boolean> {
  const { storageClassName: name } = fieldsOf(claim, 'spec');
  if (claim.kind !== 'PersistentVolumeClaim') return false;
  if (typeof name !== 'string' || name === '') return false;
  const path = resourcePath(STORAGE_CLASSES, { name });
  const found = await cluster.getIfPermitted<{ volumeBindingMode?: string }>(
    path,
  );
  return found?.volumeBindingMode === 'Immediate';
}
