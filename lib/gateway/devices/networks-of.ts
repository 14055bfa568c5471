import type { BlockList, Socket } from "node:net";
import type { Listener } from "@/lib/kernel/listeners";
import { isInNetworks, networkList } from "@/lib/kernel/networks";
import { NoProxyHeader, takeProxyHeader } from "./proxy-header";

/** The networks that a listener names, as they are looked into. */
export type Networks = {
  plaintextFrom: BlockList;
  proxies: BlockList | undefined;
  /** Lists that each have to have an address. */
  served: BlockList[];
};

export const NO_NETWORK = networkList([]);

export function networksOf({ plaintext, from, proxy, oldTls }: Listener): Networks {
  return {
    plaintextFrom: networkList(["127.0.0.0/8", "::1", ...plaintext]),
    proxies: proxy && networkList(proxy),
    served: [from, oldTls].flatMap((networks) => (networks ? [networkList(networks)] : [])),
  };
}

/** Where a connection comes from. @throws NoProxyHeader also for a connection that is not from a proxy */
export function behindProxy(
  socket: Socket,
  proxies: BlockList,
  peer: string,
): Promise<string | null> {
  if (!isInNetworks(proxies, peer)) throw new NoProxyHeader();
  return takeProxyHeader(socket);
}
