import { customBuild } from './custom-build';
import { deliver } from './deliver';
import { deploy } from './deploy';
import { graph } from './graph';
import { live } from './live';
import { loop } from './loop';
import { watch } from './watch';

/** Each prints its own tables; `npm run bench NAME` runs one of them. */
const BENCHES: Readonly<Record<string, () => Promise<string>>> = {
  'custom-build': customBuild,
  deliver,
  deploy,
  graph,
  live,
  loop,
  watch,
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) {
    throw new Error(
      `No bench is named ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.`,
    );
  }
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
    process.stdout.write(`${await BENCHES[name]?.()}\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
});
