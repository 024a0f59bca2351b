import { removalOf } from './iptables';

const SAVED = `*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:CNI-HOSTPORT-DNAT - [0:0]
:MINE - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A PREROUTING -j MINE
-A KUBE-SERVICES -d 10.0.0.1/32 -j KUBE-NODEPORTS
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
COMMIT
`;

describe('removalOf', () => {
  it('takes out the jumps and the chains of Kubernetes and CNI alone', () => {
    expect(removalOf(SAVED)).toBe(`*nat
-D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-D PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-F KUBE-SERVICES
-F CNI-HOSTPORT-DNAT
-X KUBE-SERVICES
-X CNI-HOSTPORT-DNAT
COMMIT
`);
  });

  it('is nothing where there is nothing of them', () => {
    expect(removalOf('*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n')).toBe('');
  });
});
