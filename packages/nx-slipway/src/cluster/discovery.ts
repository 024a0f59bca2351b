import { isAway } from './away';
import { answerError, apiAway } from './cluster-errors';
import { parsed, requestText, type Connection } from './connection';
import { nameOf, type KubeRequest } from './request';

/** How the API calls the objects of a kind. */
export interface ApiResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** `deployments` */
  readonly plural: string;
  readonly namespaced: boolean;
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

type Kinds = ReadonlyMap<string, ApiResource>;

/** What a cluster knows, asked by group version, each once. */
export class Discovery {
  private readonly asked = new Map<string, Promise<Kinds | undefined>>();

  constructor(private readonly connection: Connection) {}

  async resource(
    apiVersion: string,
    kind: string,
  ): Promise<ApiResource | undefined> {
    const known = this.asked.get(apiVersion) ?? this.ask(apiVersion);
    return (await known)?.get(kind);
  }

  forget(apiVersion?: string): void {
    if (apiVersion === undefined) this.asked.clear();
    else this.asked.delete(apiVersion);
  }

  private ask(apiVersion: string): Promise<Kinds | undefined> {
    const asking = this.kindsOf(apiVersion);
    this.asked.set(apiVersion, asking);
    const drop = () => {
      if (this.asked.get(apiVersion) === asking) this.asked.delete(apiVersion);
    };
    // What is not there, or was not told, may be so a moment later.
    asking.then((kinds) => kinds ?? drop(), drop);
    return asking;
  }

  private async kindsOf(apiVersion: string): Promise<Kinds | undefined> {
    const [first = '', second] = apiVersion.split('/');
    const [group, version] =
      second === undefined ? ['', first] : [first, second];
    const part = encodeURIComponent;
    const path =
      group === ''
        ? `/api/${part(version)}`
        : `/apis/${part(group)}/${part(version)}`;
    const request: KubeRequest = { method: 'GET', path };
    const { target } = this.connection;
    const told = await requestText(this.connection, request);
    if (isAway(told)) throw apiAway(target, apiVersion);
    const answer = parsed(this.connection, request, told);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) {
      throw answerError(target, nameOf(request), answer);
    }
    const { resources = [] } = answer.body as ResourceList;
    return new Map(
      resources
        // Of a subresource, `deployments/scale`.
        .filter(({ name }) => !name.includes('/'))
        .map(({ name, kind, namespaced }) => [
          kind,
          { group, version, kind, plural: name, namespaced },
        ]),
    );
  }
}
