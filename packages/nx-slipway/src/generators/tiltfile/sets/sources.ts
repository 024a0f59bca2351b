import type { Call, CallValue, Value } from '../read';
import {
  asCommand,
  asFlag,
  asPathIn,
  asText,
  asTextList,
  commandPath,
  given,
  own,
  quoted,
  unread,
} from '../values';
import { helmChart } from './helm';
import type { Source, Sources } from './types';

/** What is collected of the values of one call. */
interface Found {
  readonly sources: Source[];
  readonly notes: string[];
  readonly problems: string[];
  namespace?: string;
}

/** `k8s_yaml(...)`. */
export function sourcesOf(call: Call): Sources {
  const taken = given(call, ['yaml', 'allow_duplicates']);
  taken.value('allow_duplicates');
  const value = taken.value('yaml');
  return sourcesIn(call, value, taken.finish());
}

export function sourcesIn(
  call: Call,
  value: Value | undefined,
  problems: readonly string[],
): Sources {
  const found: Found = { sources: [], notes: [], problems: [...problems] };
  if (value) collect(value, call.dir, found);
  const { sources, ...rest } = found;
  return { call, sources: joined(sources), ...rest };
}

function collect(value: Value, dir: string, found: Found): void {
  if (value.kind === 'list') {
    for (const item of value.items) collect(item, dir, found);
    return;
  }
  if (value.kind === 'call') {
    const reader = own(CALLS, value.name);
    if (reader) reader(value, found);
    else found.problems.push(`the YAML ${unread(value, '').why}`);
    return;
  }
  const path = asPathIn(dir)(value);
  if ('value' in path) found.sources.push({ yaml: [path.value] });
  else found.problems.push(`the YAML ${path.why}`);
}

const CALLS: Readonly<Record<string, (call: CallValue, found: Found) => void>> =
  {
    kustomize,
    helm: (call, found) => {
      const { source, namespace, problems } = helmChart(call);
      found.problems.push(...problems.map((each) => `helm: ${each}`));
      if (source) found.sources.push(source);
      if (namespace) found.namespace = namespace;
    },
    listdir,
    read_file: (call, found) => {
      const [path] = call.args;
      if (path) collect(path, call.dir, found);
    },
    local,
    blob: (call, found) => {
      found.problems.push(
        `YAML in the Tiltfile itself (${call.name}): write it into a file, and name that in \`source\``,
      );
    },
    'ext://namespace:namespace_inject': (call, found) => {
      const taken = given(call, ['x', 'ns']);
      const yaml = taken.value('x');
      const namespace = taken.take('ns', asText);
      if (yaml) collect(yaml, call.dir, found);
      if (namespace) found.namespace = namespace;
      found.problems.push(...taken.finish());
      found.notes.push(
        '`namespace` is for objects that name none themselves; those that do keep theirs',
      );
    },
    'ext://namespace:namespace_yaml': (_call, found) => {
      found.notes.push(
        'on local clusters a namespace that `deploy` names is made; elsewhere by `createNamespace`',
      );
    },
  };

function kustomize(call: CallValue, found: Found): void {
  const taken = given(call, ['pathToDir', 'kustomize_bin', 'flags']);
  const path = taken.take('pathToDir', asPathIn(call.dir));
  const program = taken.take('kustomize_bin', asText);
  const flags = taken.take('flags', asTextList) ?? [];
  const problems = taken.finish();
  if (path === undefined || problems.length > 0) {
    found.problems.push(...problems.map((each) => `kustomize: ${each}`));
    return;
  }
  if (!program && flags.length === 0) {
    found.sources.push({ kustomize: path });
    return;
  }
  const words = [
    ...[program ?? 'kustomize', 'build', ...flags],
    commandPath(path, call.dir),
  ];
  const command = words.map(quoted).join(' ');
  found.sources.push({ command, deps: [path], dir: call.dir });
}

function listdir(call: CallValue, found: Found): void {
  const taken = given(call, ['directory', 'recursive']);
  const folder = taken.take('directory', asPathIn(call.dir));
  const isDeep = taken.take('recursive', asFlag) ?? false;
  const problems = taken.finish();
  if (folder === undefined || problems.length > 0) {
    found.problems.push(...problems.map((each) => `listdir: ${each}`));
    return;
  }
  found.sources.push({
    yaml: [isDeep ? folder : `${folder}/*.{yaml,yml,json}`],
  });
}

function local(call: CallValue, found: Found): void {
  const taken = given(call, ['command', 'quiet', 'command_bat', 'echo_off']);
  const command = taken.take('command', asCommand);
  if (!command || command.length === 0 || taken.problems.length > 0) {
    const why = taken.problems.join('; ') || 'no command';
    found.problems.push(`the YAML is what a command prints: ${why}`);
    return;
  }
  found.sources.push({ command, deps: [], dir: call.dir });
  found.notes.push(
    'a command prints the YAML: name in `deps` of its source what it reads, so that a change is seen',
  );
}

/** Files of YAML are one source, however many there are. */
export function joined(sources: readonly Source[]): Source[] {
  const yaml = sources.flatMap((source) =>
    'yaml' in source ? source.yaml : [],
  );
  const others = sources.filter((source) => !('yaml' in source));
  return yaml.length > 0 ? [{ yaml: [...new Set(yaml)] }, ...others] : others;
}
