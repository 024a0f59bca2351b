import { hasCode } from '../report';

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** What may pass without anybody saving a file: a system that is away. */
export function mayPass(error: unknown): boolean {
  return hasCode(
    error,
    'SLIPWAY_E_DOCKER_NOT_RUNNING',
    'SLIPWAY_E_DOCKER_FAILED',
    'SLIPWAY_E_REGISTRY_UNREACHABLE',
    'SLIPWAY_E_REGISTRY_FAILED',
    'SLIPWAY_E_CLUSTER_UNREACHABLE',
    'SLIPWAY_E_CLUSTER_FAILED',
    'SLIPWAY_E_API_AWAY',
    'SLIPWAY_E_LOAD',
    'SLIPWAY_E_STATE',
    'SLIPWAY_E_RECORD_WRITE',
  );
}

/** Milliseconds before the next try. @param failures in a row, 1 or more */
export function pauseBefore(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
