import type { KubeObject } from '../../manifest';

/** A Service of the core API, as far as it is looked at here. */
export interface ServiceFields {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
  };
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

/** @param object of a manifest, which may lack anything */
export function serviceFields(object: KubeObject): ServiceFields {
  return object;
}

/** None: of a Service whose endpoints somebody else makes. */
export function selectorOf({
  spec,
}: ServiceFields): Readonly<Record<string, string>> | undefined {
  const { type, selector } = spec ?? {};
  if (type === 'ExternalName' || !selector) return undefined;
  return Object.keys(selector).length > 0 ? selector : undefined;
}

/** Only TCP is forwarded. */
export function tcpPortsOf({ spec }: ServiceFields): readonly ServicePort[] {
  return (spec?.ports ?? []).filter(
    ({ protocol = 'TCP' }) => protocol === 'TCP',
  );
}
