import { readFileSync, readdirSync } from 'node:fs';
import { isAlive } from '../../../../packages/nx-slipway/src/testing/wait';

/**
 * The processes that have a variable in their environment, and so all that one
 * of them has started, whoever is its parent by now (proc(5)).
 * @param mark `NAME=value`
 */
export function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => environmentOf(pid).includes(mark) && isAlive(pid));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It has ended since.
    return [];
  }
}
