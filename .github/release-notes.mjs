import { readFile } from 'node:fs/promises';

/**
 * Prints what CHANGELOG.md says of a version, and fails unless the tag, the
 * package and the changelog agree on it:
 *
 *   node .github/release-notes.mjs v0.1.0
 *
 * The changelog is kept by hand: Nx would make one of commit messages, which
 * are written for those who read the code.
 */
const root = new URL('..', import.meta.url);
const [tag = ''] = process.argv.slice(2);

/** @returns the lines below the heading of the version, or what is wrong */
function notesOf(tag, version, changelog) {
  if (tag !== `v${version}`) {
    return {
      error: `The tag is "${tag}", and packages/nx-slipway/package.json says ${version}: take the tag back, and let "nx release" write both.`,
    };
  }
  const [, ...sections] = changelog.split(/^## /m);
  for (const section of sections) {
    const [heading, ...lines] = section.split('\n');
    if (heading === version || heading.startsWith(`${version} `)) {
      return /^\S+ \(\d{4}-\d\d-\d\d\)$/.test(heading)
        ? { notes: lines.join('\n').trim() }
        : {
            error: `CHANGELOG.md has "## ${heading}": write the day in place of it, as "## ${version} (2026-01-31)".`,
          };
    }
  }
  return {
    error: `CHANGELOG.md says nothing of ${version}: add "## ${version} (2026-01-31)" and what a user sees of it.`,
  };
}

const text = (path) => readFile(new URL(path, root), 'utf8');
const { version } = JSON.parse(await text('packages/nx-slipway/package.json'));
const { error, notes } = notesOf(tag, version, await text('CHANGELOG.md'));
if (error) {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${notes}\n`);
}
