import type { Registry } from '../image';

/** A registry as the option that names its hosts alone makes it. */
export function registryAt(host: string, hostFromCluster = host): Registry {
  return {
    host,
    hostFromCluster,
    singleName: '',
    naming: 'escape',
    insecure: false,
    caFile: '',
  };
}

/** One that the two sides call by different names. */
export const twoNames = registryAt('localhost:5000', 'registry:5000');
