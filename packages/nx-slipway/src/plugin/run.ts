import type { TargetDependencyConfig } from '@nx/devkit';
import type { Locator } from '../locate';
import type { TargetNames } from '../settings';
import type { DeclaredProject } from './declared';
import type { Nesting } from './filesets';
import type { NxJson } from './nx-json';
import type { Disk } from './resolve-dep';

/** What all of one graph is made with. */
export interface GraphRun {
  readonly nxJson: NxJson;
  readonly disk: Disk;
  readonly nesting: Nesting;
  readonly names: TargetNames;
  readonly locators: readonly Locator[];
  /** As `process.arch`. */
  readonly arch: string;
  /** Whether Nx knows this package as one that the workspace installs. */
  readonly isInstalled: boolean;
  /** What is deployed before the set of a project, by `after`. */
  readonly deployedBefore: (
    project: DeclaredProject,
  ) => readonly TargetDependencyConfig[];
  /** Where manifests of a project are: globs relative to its root. */
  readonly manifestsOf: (project: DeclaredProject) => readonly string[];
}
