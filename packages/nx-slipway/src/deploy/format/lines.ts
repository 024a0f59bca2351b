import { counted } from '../../report';
import type { FieldChange, ObjectAction, ObjectReport } from '../types';

export interface Reports {
  readonly objects: readonly ObjectReport[];
}

const SIGNS: Readonly<Record<ObjectAction, string>> = {
  created: '+',
  changed: '~',
  recreated: '±',
  unchanged: '=',
  finished: '=',
  pruned: '-',
  deleted: '-',
  kept: '!',
  refused: '✗',
};
/** Of a plan, what would be. */
export const PLANNED: Readonly<Record<ObjectAction, string>> = {
  created: 'create',
  changed: 'change',
  recreated: 'recreate',
  unchanged: 'unchanged',
  finished: 'finished',
  pruned: 'prune',
  deleted: 'delete',
  kept: 'keep',
  refused: 'refuse',
};
const MAX_SHOWN_CHANGES = 8;

/** What would be done, one line for each object and each field. */
export function formatPlan({ objects }: Reports): string[] {
  return [
    ...table(objects, (action) => PLANNED[action]),
    summary(objects, (action) => PLANNED[action]),
  ];
}

/** What was done; objects that are as they were are counted alone. */
export function formatReport({ objects }: Reports): string[] {
  const told = objects.filter(({ action }) => action !== 'unchanged');
  return [
    ...table(told, (action) => action),
    summary(objects, (action) => action),
  ];
}

function table(
  objects: readonly ObjectReport[],
  word: (action: ObjectAction) => string,
): string[] {
  const rows = objects.map((object) => ({
    object,
    what: `${object.kind} ${inNamespace(object)}`,
  }));
  const width = Math.max(0, ...rows.map(({ what }) => what.length));
  return rows.flatMap(({ object, what }) => {
    const { action, reason, rolls, diff = [], moreChanges = 0 } = object;
    const notes = [reason, rolls ? 'its pods are replaced' : undefined];
    const said = notes.filter(Boolean).join('; ');
    const head = `${SIGNS[action]} ${what.padEnd(width)}  ${word(action)}${said ? ` (${said})` : ''}`;
    const shown = diff.slice(0, MAX_SHOWN_CHANGES);
    const more = diff.length - shown.length + moreChanges;
    return [
      head,
      ...shown.map((change) => `    ${fieldLine(change)}`),
      ...(more > 0 ? [`    and ${more} more`] : []),
    ];
  });
}

export function inNamespace({ namespace, name }: ObjectReport): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** `spec.replicas: 1 -> 2`; of a secret value only that it changed. */
export function fieldLine({ path, from, to }: FieldChange): string {
  if (from === undefined && to === undefined) return `${path}: changed`;
  if (from === undefined) return `${path}: ${to} (new)`;
  if (to === undefined) return `${path}: ${from} (goes)`;
  return `${path}: ${from} -> ${to}`;
}

/** `12 objects: 1 changed, 11 unchanged` */
export function summary(
  objects: readonly ObjectReport[],
  word: (action: ObjectAction) => string,
): string {
  if (objects.length === 0) return 'nothing to do';
  const counts = new Map<ObjectAction, number>();
  for (const { action } of objects) {
    counts.set(action, (counts.get(action) ?? 0) + 1);
  }
  const order = Object.keys(SIGNS) as ObjectAction[];
  const parts = order.flatMap((action) => {
    const count = counts.get(action);
    return count === undefined ? [] : [`${count} ${word(action)}`];
  });
  return `${counted(objects.length, 'object')}: ${parts.join(', ')}`;
}
