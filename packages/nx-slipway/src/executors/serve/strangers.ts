/** The images of manifests that nothing in the workspace builds. */
export class Strangers {
  private known?: ReadonlySet<string>;

  /**
   * @param images as they stand in the manifests now
   * @returns whether one has come since the last time: a project that is new may
   *   build it
   */
  take(images: readonly string[]): boolean {
    const { known } = this;
    this.known = new Set(images);
    return known !== undefined && images.some((image) => !known.has(image));
  }
}
