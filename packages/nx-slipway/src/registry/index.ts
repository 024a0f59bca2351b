export { connectRegistry, isLoopback } from './registry-client';
export type { ManifestHead, RegistryClient } from './registry-client';
