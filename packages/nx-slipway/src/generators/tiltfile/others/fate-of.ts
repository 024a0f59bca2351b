import type { Call } from '../read';
import { asCommand, asPathsIn, asText, given, own } from '../values';
import {
  EXTENSION_FATES,
  FATES,
  LOCAL_RESOURCE,
  PURE,
  UNKNOWN,
  UNKNOWN_EXTENSION,
  type Fate,
} from './table';

/** What becomes of a call that is neither moved nor moved in part. */
export function fateOf(call: Call): Fate {
  const { name, definedAt } = call;
  if (name === 'local_resource') return localResource(call);
  if (name.startsWith('ext://')) return extension(name.slice('ext://'.length));
  if (definedAt) {
    return {
      why: `it is a function of your own, of line ${definedAt.line} of ${definedAt.file}: what it calls is known only when it runs`,
      todo: 'Write the targets by hand that it would make, one for each of its images.',
    };
  }
  const group = Object.keys(FATES).find(
    (each) => each.endsWith('.') && name.startsWith(each),
  );
  const known = own(FATES, name) ?? (group ? FATES[group] : undefined);
  if (known) return known;
  // A method of a value: `args.append(...)`.
  return name.includes('.') ? PURE : UNKNOWN;
}

function extension(symbol: string): Fate {
  const [name = ''] = symbol.split(':');
  return (
    own(EXTENSION_FATES, symbol) ??
    own(EXTENSION_FATES, name) ??
    UNKNOWN_EXTENSION
  );
}

const LOCAL = [
  ...['name', 'cmd', 'deps', 'trigger_mode', 'resource_deps', 'ignore'],
  ...['auto_init', 'serve_cmd', 'cmd_bat', 'serve_cmd_bat', 'allow_parallel'],
];

/** With the target to write, as far as it can be read. */
function localResource(call: Call): Fate {
  const taken = given(call, LOCAL);
  const name = taken.take('name', asText) ?? 'NAME';
  const cmd = taken.take('cmd', asCommand);
  const serve = taken.take('serve_cmd', asCommand);
  const deps = taken.take('deps', asPathsIn(call.dir)) ?? [];
  const command = textOf(serve ?? cmd);
  if (!command) {
    return {
      why: LOCAL_RESOURCE,
      todo: 'Write it by hand: its command is computed.',
    };
  }
  const target = {
    command,
    ...(call.dir !== '' && { options: { cwd: call.dir } }),
    ...(serve && { continuous: true }),
    ...(!serve &&
      deps.length > 0 && {
        inputs: deps.map((dep) => `{workspaceRoot}/${dep}`.replace(/\/$/, '')),
      }),
  };
  const json = JSON.stringify({ [name]: target });
  const use = serve
    ? `It runs beside \`nx serve\` by \`nx run PROJECT:${name}\`.`
    : 'Name it in `dependsOn` of the `custom-build` that needs what it makes, or in `target` of a `sync` step.';
  return {
    why: LOCAL_RESOURCE,
    todo: `Write it into the targets of the project that it is for: \`${json}\`. ${use}`,
  };
}

const textOf = (command: string | readonly string[] | undefined) =>
  typeof command === 'string' ? command : command?.join(' ');
