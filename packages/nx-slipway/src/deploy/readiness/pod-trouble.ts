import type { LiveObject } from '../live';
import { conditionOf, fieldsOf, saidBy, type Fields } from './status';

/** What keeps a pod from ever running. */
export interface PodTrouble {
  readonly pod: LiveObject;
  /** None: of the pod as a whole. */
  readonly container?: string;
  readonly reason: string;
  /**
   * Whether it may pass: a node may come, a Secret may be made. Such a one
   * counts when it has lasted.
   */
  readonly mayPass: boolean;
  /** Whether its last words are those of the container before. */
  readonly hasCrashed: boolean;
}

/** Kubernetes has tried again, and waits longer each time. */
const HOPELESS = [
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
];
const MAY_PASS = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
];
const LISTS = ['initContainerStatuses', 'containerStatuses'];

/**
 * @param mayCrash a Job's pods may: it counts them itself
 * @returns undefined for a pod that runs, or may yet
 */
export function troubleOf(
  pod: LiveObject,
  mayCrash: boolean,
): PodTrouble | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  const status = fieldsOf(pod, 'status');
  for (const container of LISTS.flatMap((list) => listOf(status[list]))) {
    const waits = fieldsOf(fieldsOf(container, 'state'), 'waiting');
    const reason = wordOf(waits.reason) ?? '';
    const isCrash = reason === 'CrashLoopBackOff';
    if (isCrash && mayCrash) continue;
    const mayPass = MAY_PASS.includes(reason);
    if (!mayPass && !HOPELESS.includes(reason)) continue;
    return {
      pod,
      container: String(container.name),
      reason: isCrash ? crashOf(container) : saidBy(waits),
      mayPass,
      hasCrashed: isCrash,
    };
  }
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    const reason = saidBy(scheduled);
    return { pod, reason, mayPass: true, hasCrashed: false };
  }
  return undefined;
}

/** What a pod that may yet run is at: its first container that does not serve. */
export function stateOf(
  pod: LiveObject,
): { readonly container: string; readonly words: string } | undefined {
  const status = fieldsOf(pod, 'status');
  for (const each of LISTS.flatMap((list) => listOf(status[list]))) {
    const state = fieldsOf(each, 'state');
    const container = String(each.name);
    if (state.waiting) {
      const { reason } = fieldsOf(state, 'waiting');
      const words = `container ${container} waits (${String(reason)})`;
      return { container, words };
    }
    const ended = fieldsOf(state, 'terminated');
    if (state.terminated && ended.exitCode !== 0) {
      const code = wordOf(ended.exitCode) ?? 'unknown';
      return {
        container,
        words: `container ${container} has ended with exit code ${code}`,
      };
    }
    if (state.running && each.ready === false) {
      return { container, words: `container ${container} is not ready` };
    }
  }
  return undefined;
}

function crashOf(container: Fields): string {
  const ended = fieldsOf(fieldsOf(container, 'lastState'), 'terminated');
  const how =
    ended.reason === 'OOMKilled'
      ? 'it took more memory than its limit (OOMKilled)'
      : `it ends with exit code ${wordOf(ended.exitCode) ?? 'unknown'}`;
  const said = typeof ended.message === 'string' ? ` (${ended.message})` : '';
  return `CrashLoopBackOff: ${how}, again and again${said}`;
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : undefined;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}
