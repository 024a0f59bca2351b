import { counted, formatDuration } from '../../report';
import type { CycleEvent, LiveReport, PhaseTime } from '../events';
import type { Paint } from './paint';
import { subjectName } from './subject-name';

const MINUTE_MS = 60_000;

/**
 * `frontend  0.41s  detect 8ms · build 310ms` (design 2.7).
 * @returns undefined where a newer cycle tells of itself
 */
export function cycleLine(event: CycleEvent, paint: Paint): string | undefined {
  const { result, ms, live } = event;
  if (result === 'superseded') return undefined;
  const name = paint.subject(subjectName(event));
  const phases = paint.dim(formatPhases(event.phases));
  const parts = {
    ready: [name, total(ms), phases],
    done: live
      ? [name, formatDuration(ms), phases, liveText(live)]
      : [name, total(ms), phases],
    unchanged: [name, total(ms), 'unchanged'],
    failed: [name, `${paint.bad('FAILED')} in ${total(ms)}`, phases],
  }[result];
  return parts.filter((part) => part !== '').join('  ');
}

/** `2 files in 3 containers` */
export function liveText({ files, containers }: LiveReport): string {
  if (containers === 0) return 'no container of it runs yet';
  return `${counted(files, 'file')} in ${counted(containers, 'container')}`;
}

/** `0.41s`, `83.20s` would be `1m23s`. @param ms milliseconds, >= 0 */
export function total(ms: number): string {
  const seconds = (ms / 1000).toFixed(2);
  return Number(seconds) * 1000 < MINUTE_MS
    ? `${seconds}s`
    : formatDuration(ms);
}

function formatPhases(phases: readonly PhaseTime[]): string {
  return phases
    .map(({ name, ms }) => `${name} ${formatDuration(ms)}`)
    .join(' · ');
}
