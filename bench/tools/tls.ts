import type { AddressInfo, Socket } from "node:net";
import { connect, createSecureContext, createServer } from "node:tls";
import { startBareMail } from "@/e2e/servers/bare-mail-server";
import { serveOrders } from "../tool";

// What stands beside the gateway, in processes of their own so that each one's CPU time and memory can be read: a mail
// server that does no work, and the floor, a splice of TLS from a device and TLS to the mail server that looks at
// nothing. Clients of the splice sign in at the mail server by themselves.

type Mail = { kind: "mail"; cert: string; key: string };
type Splice = { kind: "splice"; cert: string[]; key: string[]; ca: string; target: number };

serveOrders(async (order: Mail | Splice) => {
  if (order.kind === "splice") return listen(order);
  const { imap, smtp } = await startBareMail(order);
  return { imap, smtp };
});

/** @returns the port at which it listens */
function listen({ cert, key, ca, target: port }: Splice): Promise<number> {
  const secureContext = createSecureContext({ ca });
  const server = createServer({ cert, key, noDelay: true }, (device) => {
    const upstream = connect({ port, host: "127.0.0.1", servername: "localhost", secureContext });
    upstream.setNoDelay(true);
    pump(device, upstream);
    pump(upstream, device);
  });
  server.on("tlsClientError", () => {});
  return new Promise((listening) => {
    server.listen(0, "127.0.0.1", 4_096, () => listening((server.address() as AddressInfo).port));
  });
}

function pump(from: Socket, to: Socket): void {
  from.on("error", () => {});
  from.on("data", (chunk) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on("drain", () => from.resume());
  from.on("end", () => to.end());
  from.on("close", () => to.destroySoon());
}
