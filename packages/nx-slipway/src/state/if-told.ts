/** What the system says, or undefined where it does not say. */
export async function ifTold(
  look: Promise<string>,
): Promise<string | undefined> {
  try {
    return await look;
  } catch (error) {
    // Every error of the system means that it does not tell.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
