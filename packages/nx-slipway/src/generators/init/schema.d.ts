/** Generated from schema.json; a test keeps the two equal. */

/**
 * Adds nx-slipway to the plugins of nx.json, with an id of this workspace.
 */
export interface InitGeneratorSchema {
  /**
   * The registry that images are pushed to, as host[:port][/path]. Where nx.json has one already, it is replaced. Without one, images stay in Docker.
   */
  registry?: string;
  /**
   * Do not format changed files.
   */
  skipFormat?: boolean;
  /**
   * Do not add nx-slipway to package.json.
   */
  skipPackageJson?: boolean;
  /**
   * Keep the version that package.json has already.
   */
  keepExistingVersions?: boolean;
}
