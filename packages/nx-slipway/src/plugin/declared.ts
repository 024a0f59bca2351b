/** Options of a target as they are written. */
export type Options = Readonly<Record<string, unknown>>;

/**
 * A target as the user wrote it, in nx.json's targetDefaults, package.json and
 * project.json, the later winning. Tokens stand in it as they are written.
 */
export interface DeclaredTarget {
  readonly name: string;
  readonly executor?: string;
  /** No file says so: its name does. */
  readonly isImplied?: boolean;
  readonly options: Options;
  readonly configurations: Readonly<Record<string, Options>>;
  readonly defaultConfiguration?: string;
  readonly dependsOn?: readonly unknown[];
  readonly outputs?: readonly unknown[];
}

/** A project, by its configuration files alone. */
export interface DeclaredProject {
  /** Below the workspace root, with `/`; `.` is that itself. */
  readonly root: string;
  readonly name: string;
  /** The file that Nx shows for what is inferred. */
  readonly file: string;
  readonly targets: ReadonlyMap<string, DeclaredTarget>;
  /** Targets of ours that no file of it has, as targetDefaults would have them. */
  readonly undeclared: ReadonlyMap<string, DeclaredTarget>;
  /** Targets that Nx makes of package.json, none of them ours. */
  readonly otherTargets: readonly string[];
  readonly implicitDependencies: readonly string[];
  readonly namedInputs: Readonly<Record<string, unknown>>;
}

/** The options of each way to run a target: without a configuration, and with each. */
export function variantsOf({
  options,
  configurations,
}: DeclaredTarget): Options[] {
  return [
    options,
    ...Object.values(configurations).map((own) => ({ ...options, ...own })),
  ];
}
