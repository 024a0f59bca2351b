/** Generated from schema.json; a test keeps the two equal. */

/**
 * Reads a Tiltfile, and writes what it says as targets of projects and options of nx-slipway, with a report of what was moved, what was not, and why. The Tiltfile is never run, and stays as it is.
 */
export interface TiltfileGeneratorSchema {
  /**
   * The Tiltfile, from the workspace root.
   */
  file?: string;
  /**
   * The project that deploys the manifests. Default: the one that holds the Tiltfile's folder, else the one that holds all the manifests, else a new one in their folder.
   */
  project?: string;
  /**
   * Where the report goes, from the workspace root. Default: tiltfile-import.md beside the Tiltfile.
   */
  report?: string;
  /**
   * Write no report; what was not moved is printed all the same.
   */
  skipReport?: boolean;
  /**
   * Do not format changed files.
   */
  skipFormat?: boolean;
}
