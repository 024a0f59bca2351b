import type { Sandbox } from '../sandbox';
import type { Status } from '../status';

/** Lines of words, each column as wide as its widest. */
export function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) =>
      row.map((cell, column) => cell.padEnd(width(column))).join('  '),
    )
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

export function formatSandbox({ dockerHost, registry, cluster }: Sandbox) {
  const { host, hostFromCluster } = registry;
  const inside =
    host === hostFromCluster ? '' : ` (${hostFromCluster} in the cluster)`;
  return table([
    ['Docker', dockerHost],
    ['registry', `${host}${inside}`],
    ...(cluster
      ? [['cluster', `${cluster.context} in ${cluster.kubeconfig}`]]
      : []),
  ]);
}

export function formatStatus({ name, state, daemons, sandbox }: Status) {
  const head = `The sandbox "${name}" is ${state}.`;
  const rows = daemons.map((daemon) => [
    daemon.name,
    daemon.pid === undefined ? '-' : String(daemon.pid),
    daemon.health,
  ]);
  return [
    head,
    ...(rows.length > 0 ? [table(rows)] : []),
    ...(sandbox ? [formatSandbox(sandbox)] : []),
  ].join('\n');
}

/** For `eval` in a POSIX shell. */
export function exportLines(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([key, value]) => `export ${key}='${value.replace(/'/g, `'\\''`)}'`)
    .join('\n');
}
