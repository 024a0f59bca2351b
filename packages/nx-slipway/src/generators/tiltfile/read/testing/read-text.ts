import { readTiltfile } from '..';
import type { Call, TiltFiles, TiltfileText, Value } from '../types';

/** Files by their paths from the workspace root. */
export function filesOf(texts: Record<string, string | Uint8Array>): TiltFiles {
  return {
    read: (path) => {
      const text = Object.hasOwn(texts, path) ? texts[path] : undefined;
      return text === undefined ? null : Buffer.from(text as string);
    },
  };
}

/** What is read of a text that is the Tiltfile of the workspace root. */
export function readText(
  text: string,
  others: Record<string, string | Uint8Array> = {},
): TiltfileText {
  return readTiltfile('Tiltfile', filesOf({ ...others, Tiltfile: text }));
}

/** Calls as lines: `3: k8s_yaml("a.yaml")`, in an if `4: [if 3] f()`. */
export function shown(text: string, others?: Record<string, string>): string[] {
  return readText(text, others).calls.map(showCall);
}

export function showCall(call: Call): string {
  const within = call.within.map(
    ({ kind, place }) => `[${kind} ${place.line}] `,
  );
  const { file, line } = call.place;
  const where = file === 'Tiltfile' ? `${line}` : `${file}:${line}`;
  return `${where}: ${within.join('')}${showArguments(call)}`;
}

function showArguments({
  name,
  args,
  named,
}: Pick<Call, 'name' | 'args' | 'named'>) {
  const parts = [
    ...args.map(show),
    ...[...named].map(([key, value]) => `${key}=${show(value)}`),
  ];
  return `${name}(${parts.join(', ')})`;
}

/** `<a/b>` is a path, `?` what is computed, with the reason. */
export function show(value: Value): string {
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.value);
    case 'path':
      return `<${value.path}>`;
    case 'number':
    case 'bool':
      return String(value.value);
    case 'none':
      return 'None';
    case 'list':
      return `[${value.items.map(show).join(', ')}]`;
    case 'dict':
      return `{${value.entries
        .map((entry) => `${show(entry.key)}: ${show(entry.value)}`)
        .join(', ')}}`;
    case 'call':
      return showArguments(value);
    case 'computed':
      return `?${value.why}`;
  }
}
