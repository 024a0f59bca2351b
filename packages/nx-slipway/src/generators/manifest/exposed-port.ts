/** What a stage of a Dockerfile comes to, as far as ports are concerned. */
interface Stage {
  readonly ports: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
}

const EMPTY: Stage = { ports: [], variables: new Map() };
const HEREDOC = /<<-?(["']?)(\w+)\1/;
const HIGHEST = 65535;

/**
 * The first TCP port that the last stage of a Dockerfile exposes, or those it
 * is built from. Variables count with the value that the file gives them.
 */
export function exposedPort(dockerfile: string): number | undefined {
  const stages = new Map<string, Stage>();
  let names: string[] = [];
  let stage = EMPTY;
  for (const [word, rest] of instructionsOf(dockerfile)) {
    if (word === 'FROM') {
      const [from = '', as = ''] = wordsOf(rest).filter(
        (part) => !part.startsWith('--') && !/^as$/i.test(part),
      );
      stage = stages.get(from.toLowerCase()) ?? EMPTY;
      names = [`${stages.size}`, as.toLowerCase()].filter(Boolean);
    } else {
      stage = withInstruction(stage, word, rest);
    }
    for (const name of names) stages.set(name, stage);
  }
  return stage.ports.map(portIn).find((port) => port !== undefined);
}

function withInstruction(stage: Stage, word: string, rest: string): Stage {
  if (word === 'EXPOSE') {
    const filled = rest.replace(
      /\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})/g,
      (_, bare?: string, braced?: string, otherwise?: string) =>
        stage.variables.get(bare ?? braced ?? '') ?? otherwise ?? '',
    );
    return { ...stage, ports: [...stage.ports, ...wordsOf(filled)] };
  }
  if (word !== 'ENV' && word !== 'ARG') return stage;
  return {
    ...stage,
    variables: new Map([...stage.variables, ...assignmentsIn(rest)]),
  };
}

/** `A=1 B="2"`, and the old form of ENV, `A 1`. */
function assignmentsIn(text: string): [string, string][] {
  const old = /^(\w+)\s+([^=\s]+)$/.exec(text);
  if (old) return [[old[1] ?? '', old[2] ?? '']];
  return [...text.matchAll(/(\w+)=(["']?)([^\s"']*)\2/g)].map(
    ([, name = '', , value = '']) => [name, value],
  );
}

function portIn(text: string): number | undefined {
  const [, digits, protocol = 'tcp'] =
    /^["']?(\d+)(?:-\d+)?(?:\/(\w+))?["']?$/.exec(text) ?? [];
  const port = Number(digits);
  const isPort = port >= 1 && port <= HIGHEST;
  return isPort && protocol.toLowerCase() === 'tcp' ? port : undefined;
}

/** Whole ones: lines that are continued are joined, those of heredocs left out. */
function* instructionsOf(text: string): Generator<[string, string]> {
  let whole = '';
  let ends: string | undefined;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (ends !== undefined) {
      if (line === ends) ends = undefined;
      continue;
    }
    if (line === '' || line.startsWith('#')) continue;
    whole += line.replace(/[\\`]$/, ' ');
    if (/[\\`]$/.test(line)) continue;
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(whole) ?? [];
    if (/^(?:RUN|COPY|ADD)$/i.test(word)) ends = HEREDOC.exec(rest)?.[2];
    yield [word.toUpperCase(), rest.trim()];
    whole = '';
  }
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
