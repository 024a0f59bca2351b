import type { KubeObject } from '../../manifest';
import { conditionsOf, type Condition } from '../conditions';
import type { LiveObject } from '../live';
import { shortLine } from './words';

/** What has become of an object so far. */
export interface Verdict {
  readonly state: 'ready' | 'waiting' | 'failed';
  /** Of what is not ready: what it waits for, or what went wrong. */
  readonly reason?: string;
  /** Of what has failed: by itself it may get well. It counts when it has lasted. */
  readonly mayPass?: true;
  /** Of what is ready: why that says less than it seems. */
  readonly note?: string;
}

/** The fields that are read of any object; what is not a number is none. */
export interface Fields {
  readonly [key: string]: unknown;
}

export const READY: Verdict = { state: 'ready' };

export const noted = (note: string): Verdict => ({ state: 'ready', note });
export const waiting = (reason: string): Verdict => ({
  state: 'waiting',
  reason,
});
export const failed = (reason: string): Verdict => ({
  state: 'failed',
  reason,
});
export const failing = (reason: string): Verdict => ({
  state: 'failed',
  reason,
  mayPass: true,
});

export function fieldsOf(object: KubeObject | Fields, key: string): Fields {
  const value = object[key];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function numberOf(fields: Fields, key: string, none = 0): number {
  const value = fields[key];
  return typeof value === 'number' ? value : none;
}

/** Empty: there is none. */
export function textOf(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === 'string' ? value : '';
}

export function conditionOf(
  object: KubeObject,
  type: string,
): Condition | undefined {
  return conditionsOf(object).find((each) => each.type === type);
}

/** `Reason: message`, as far as they are told. */
export function saidBy(said: Condition | Fields): string {
  const fields = said as Fields;
  const parts = [textOf(fields, 'reason'), textOf(fields, 'message')];
  const words = parts.filter(Boolean).join(': ');
  return shortLine(words) || 'no reason given';
}

/**
 * Whether the controller has seen the object as it is now. One that tells of no
 * generation is taken to have.
 */
export function isObserved(object: LiveObject): boolean {
  const { observedGeneration } = fieldsOf(object, 'status');
  const { generation } = object.metadata;
  return (
    typeof observedGeneration !== 'number' ||
    generation === undefined ||
    observedGeneration >= generation
  );
}

/**
 * The same, for controllers that always tell: before they have looked at a new
 * object its status is none, or zeros that say nothing.
 */
export function isSeen(object: LiveObject): boolean {
  const { observedGeneration } = fieldsOf(object, 'status');
  return typeof observedGeneration === 'number' && isObserved(object);
}

export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value)
    ? (value as unknown[]).filter((each): each is Fields => isFields(each))
    : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
