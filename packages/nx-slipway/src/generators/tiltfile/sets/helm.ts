import type { Arguments } from '../read';
import {
  asFlag,
  asPathIn,
  asPathsIn,
  asText,
  asTexts,
  commandPath,
  given,
  quoted,
} from '../values';
import { helmSet } from './helm-set';
import type { Source } from './types';

const PARAMETERS = [
  ...['pathToChartDir', 'name', 'namespace', 'values', 'set', 'kube_version'],
  'skip_crds',
];
/** Tilt's, where a call names none. */
const RELEASE = 'chart';

/** `helm(...)`, as far as it is one. */
export interface Chart {
  readonly source?: Source;
  readonly namespace?: string;
  readonly problems: readonly string[];
}

export function helmChart(call: Arguments & { dir: string }): Chart {
  const { dir } = call;
  const taken = given(call, PARAMETERS);
  const chart = taken.take('pathToChartDir', asPathIn(dir));
  const release = taken.take('name', asText) ?? RELEASE;
  const namespace = taken.take('namespace', asText);
  const values = taken.take('values', asPathsIn(dir)) ?? [];
  const texts = taken.take('set', asTexts) ?? [];
  const version = taken.take('kube_version', asText);
  const skipsCrds = taken.take('skip_crds', asFlag) ?? false;
  const problems = taken.finish();
  if (chart === undefined || problems.length > 0) {
    return { problems: problems.length > 0 ? problems : ['no chart is named'] };
  }
  const set = helmSet(texts);
  if (set && version === undefined && !skipsCrds) {
    const helm = { chart, release, values, set };
    return { source: { helm }, ...(namespace && { namespace }), problems };
  }
  // What no option says, Helm itself is told.
  const words = [
    ...['helm', 'template', release, commandPath(chart, dir)],
    ...(skipsCrds ? [] : ['--include-crds']),
    ...(namespace ? ['--namespace', namespace] : []),
    ...values.flatMap((file) => ['--values', commandPath(file, dir)]),
    ...texts.flatMap((text) => ['--set', text]),
    ...(version ? ['--kube-version', version] : []),
  ];
  const command = words.map(quoted).join(' ');
  return {
    source: { command, deps: [chart, ...values], dir },
    ...(namespace && { namespace }),
    problems,
  };
}
