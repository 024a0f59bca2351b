import { oneLine } from '../../report';
import type { ServeStatus } from '../../serve';
import { table } from '../table';
import { faultLines } from './ask';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** For people: what there is, in which state, and what is wrong with it. */
export function formatStatus(status: ServeStatus, now: number): string {
  const { images, projects, portForwards } = status;
  const since = (time: string) => age(now - Date.parse(time));
  const rows = [
    ['IMAGE', 'STATE', 'FOR', 'REF'],
    ...images.map((image) => [
      image.name,
      image.state,
      since(image.since),
      image.ref ?? '',
    ]),
    ['PROJECT', 'STATE', 'FOR', 'NAMESPACE'],
    ...projects.map((project) => [
      named(project),
      project.state,
      since(project.since),
      project.namespace,
    ]),
  ];
  const forwards = portForwards.map(({ url, object, pod }) =>
    oneLine(`${url} -> ${object}${pod === undefined ? '' : `, ${pod}`}`),
  );
  const faults = [
    ...images.map(({ name, fault }) => ({ name, fault })),
    ...projects.map((project) => ({
      name: named(project),
      fault: project.fault,
    })),
  ].flatMap(({ name, fault }) => (fault ? faultLines(name, fault) : []));
  const cells = rows.map((row) => row.map(oneLine));
  const lines = [...forwards, ...faults].map((line) => `${line}\n`);
  return `${head(status, since(status.startedAt))}\n${table(cells)}${lines.join('')}`;
}

function head(status: ServeStatus, since: string): string {
  return [
    `nx serve, pid ${status.pid}`,
    `for ${since}`,
    `context ${oneLine(status.context)}`,
    ...(status.trigger === 'manual' ? ['trigger manual'] : []),
    ...(status.isPaused ? ['paused'] : []),
    status.isUpToDate ? 'up to date' : 'not up to date',
  ].join(' · ');
}

function named({ name, configuration }: ServeStatus['projects'][number]) {
  return configuration ? `${name}:${configuration}` : name;
}

/** `12s`, `3m05s`, `26h07m`. @param ms milliseconds, of clocks that may jump */
export function age(ms: number): string {
  if (Number.isNaN(ms)) return '?';
  const two = (count: number) => String(Math.floor(count)).padStart(2, '0');
  if (ms < MINUTE_MS) return `${Math.floor(Math.max(ms, 0) / 1000)}s`;
  if (ms < HOUR_MS) {
    return `${Math.floor(ms / MINUTE_MS)}m${two((ms % MINUTE_MS) / 1000)}s`;
  }
  return `${Math.floor(ms / HOUR_MS)}h${two((ms % HOUR_MS) / MINUTE_MS)}m`;
}
