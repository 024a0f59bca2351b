type Env = Readonly<Record<string, string | undefined>>;
/** Draft: taken over by the command line. */
export async function toolFolders(folder: string, env: Env): Promise<readonly string[]> {
  return Promise.resolve(env.SLIPWAY_NO_TOOLS ? [folder] : []);
}
