/** What `metadata.slipway` of a project says: what the graph knows of it. */
export interface GraphMetadata {
  /** Names of the images that it builds. */
  readonly images?: readonly string[];
  /** Names of the images of this workspace that its manifests use. */
  readonly uses?: readonly string[];
  /** Roots of the projects that it gets an edge to. */
  readonly edges?: readonly string[];
  /**
   * Whether it gets them even if another plugin gives it targets, which an edge
   * then means something to: no inputs can tell what its images are made of.
   */
  readonly needsEdges?: boolean;
}
