import { candidatesOf, type Search } from './candidate-sources';
import type { ManifestSource } from './source';
import { sourceError } from './source-error';
import { refuse } from './walk';

/**
 * The source of a project that names none: what is found under the plugin's
 * globs.
 * @throws SLIPWAY_E_SOURCE if there is none, or more than one, or a folder
 *   cannot be read
 */
export function findSource(search: Search): ManifestSource {
  const { projectRoot } = search;
  const { candidates, patterns } = candidatesOf(search, refuse);
  const [only, ...others] = candidates;
  if (only && others.length === 0) return only.source;
  if (!only) {
    throw sourceError(
      `there are no manifests in ${projectRoot}: no file matches ${patterns.join(', ')}`,
      'Write them there, name another "source", or set "manifests" in the options of nx-slipway in nx.json.',
    );
  }
  throw sourceError(
    `the manifests of ${projectRoot} could be any of ${candidates.length} sources`,
    `Choose one in the target's options:\n${candidates.map(({ line }) => `    "source": ${line()}`).join('\n')}`,
  );
}
