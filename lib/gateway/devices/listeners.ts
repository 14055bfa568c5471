import { once } from "node:events";
import { type BlockList, createServer, type Server, type Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { flushAttempts, recordAttempt } from "@/lib/devices/attempts/record";
import type { Outcome } from "@/lib/devices/attempts/schema";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { SECOND_MS } from "@/lib/kernel/clock";
import { addressOf, type Listener } from "@/lib/kernel/listeners";
import { log } from "@/lib/kernel/log";
import { countUp } from "@/lib/kernel/metrics/counters";
import { isInNetworks, networkList, plainAddress } from "@/lib/kernel/networks";
import { type Newcomer, Newcomers } from "@/lib/kernel/newcomers";
import { shareFiles, warnOfFewFiles } from "../descriptors";
import { GatewayCertificate } from "./certificate";
import { Client, Injection, NothingSaid, whenTls } from "./client";
import { serveImap } from "./imap";
import { servePop3 } from "./pop3";
import { NoProxyHeader, takeProxyHeader } from "./proxy-header";
import { countRefused, tellOff, turnAway } from "./refusals";
import { WAITS, type Waits } from "./sessions";
import { type Serving, SignIns } from "./sign-in";
import { serveSmtp } from "./smtp";

const MAX_SHARE = 1 / 2;
const DRAIN_MS = 7 * SECOND_MS;
/** The supervisor kills two seconds after the drain. */
const FLUSH_MS = SECOND_MS;

type Serve = (client: Client, serving: Serving) => Promise<void>;
const SERVE: Readonly<Record<Protocol, Serve>> = {
  imap: serveImap,
  pop3: servePop3,
  smtp: serveSmtp,
};

export async function startDeviceListeners(
  listeners: readonly Listener[],
  waits: Partial<Waits> = {},
): Promise<{ ports: number[]; stop: () => Promise<void> }> {
  if (listeners.length === 0) return { ports: [], stop: async () => {} };
  const room = shareFiles();
  warnOfFewFiles(room);
  const gateway = new DeviceGateway(room.devices, { ...WAITS, ...waits });
  const ports: number[] = [];
  try {
    await gateway.start(listeners.map(addressOf));
    for (const listener of listeners) ports.push(await gateway.listen(listener));
  } catch (error) {
    await gateway.stop();
    throw error;
  }
  return { ports, stop: () => gateway.stop() };
}

class DeviceGateway {
  readonly #certificate = new GatewayCertificate();
  readonly #signIns: SignIns;
  readonly #servers: Server[] = [];
  /** Before login, or still waiting for a PROXY header. */
  readonly #clients: Newcomers<Newcomer & Pick<Client, "sayBye">>;
  #connections = 0;
  readonly #room: number;
  #isStopping = false;

  constructor(room: number, waits: Waits) {
    this.#signIns = new SignIns(waits);
    this.#room = room;
    this.#clients = new Newcomers(room * MAX_SHARE);
  }

  async start(addresses: readonly string[]): Promise<void> {
    await this.#certificate.start();
    await this.#signIns.places.start(addresses);
  }

  async listen(listener: Listener): Promise<number> {
    const { host, port } = listener;
    const door = { listener, networks: networksOf(listener) };
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      void this.#arrive(socket, door);
    });
    this.#servers.push(server);
    await once(server.listen(port, host), "listening");
    const address = server.address();
    const bound = typeof address === "object" && address ? address.port : port;
    log.info({ ...listener, port: bound }, "the gateway listens for devices");
    return bound;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#certificate.stop();
    for (const server of this.#servers) server.close();
    const drained = this.#signIns.sessions.drain(DRAIN_MS);
    for (const client of this.#clients) client.sayBye();
    await drained;
    await Promise.all([this.#signIns.places.stop(), flushAttempts({ withinMs: FLUSH_MS })]);
  }

  async #arrive(socket: Socket, door: { listener: Listener; networks: Networks }): Promise<void> {
    const { listener, networks } = door;
    socket.on("error", () => {}); // its end is all that matters
    this.#connections += 1;
    socket.once("close", () => {
      this.#connections -= 1;
    });
    if (this.#connections > this.#room) {
      if (!this.#clients.makeRoom()) return turnAway(socket, listener, "full");
      countRefused(listener, "crowded");
    }
    const peer = plainAddress(socket.remoteAddress ?? "") ?? "0.0.0.0";
    try {
      const { proxies } = networks;
      const told = proxies && (await this.#behindProxy(socket, { listener, proxies, peer }));
      const address = told ?? peer;
      if (!networks.served.every((list) => isInNetworks(list, address)))
        return turnAway(socket, listener, "not_served");
      // A proxy without a client address is not this host: all behind it need TLS.
      const plaintextFrom = told === null ? NO_NETWORK : networks.plaintextFrom;
      const { protocol } = listener;
      this.#accept(new Client(socket, { protocol, plaintextFrom, address }), listener);
    } catch (error) {
      if (!(error instanceof NoProxyHeader)) log.warn({ error }, "a connection can't be accepted");
      socket.destroy();
    }
  }

  async #behindProxy(
    socket: Socket,
    { listener, proxies, peer }: { listener: Listener; proxies: BlockList; peer: string },
  ) {
    const end = () => void socket.destroy();
    const client = { isLoggingIn: false, putOut: end, sayBye: end };
    if (this.#clients.add(client, peer)) countRefused(listener, "crowded");
    try {
      if (!isInNetworks(proxies, peer)) throw new NoProxyHeader();
      return await takeProxyHeader(socket);
    } finally {
      this.#clients.delete(client);
    }
  }

  #accept(client: Client, listener: Listener): void {
    const { socket } = client;
    if (this.#signIns.guessing.isShut(client.address)) {
      countRefused(listener, "guessing");
      return void socket.destroy();
    }
    if (this.#isStopping) {
      tellOff(socket, listener, "stopping");
      return void client.close();
    }
    if (this.#clients.add(client, client.address)) countRefused(listener, "crowded");
    const leave = () => this.#clients.delete(client);
    socket.once("close", leave);
    void this.#serve(client, listener, leave).finally(() => {
      leave();
      client.close();
    });
  }

  async #serve(client: Client, listener: Listener, leave: () => void): Promise<void> {
    const serving = this.#servingOf(listener, leave);
    try {
      if (listener.tls === "implicit") await serving.secure(client);
      else whenTls(client, () => record(client, "tls_at_once"));
      await SERVE[client.protocol](client, serving);
      const isOwnEnd = !client.isPutOut && !this.#isStopping;
      if (isOwnEnd && client.isSilentOverTls) record(client, "tls_unused");
    } catch (error) {
      // Not for other sessions' faults, or after making room.
      if (!(client.isPutOut || error instanceof HandshakeFailed || error instanceof Injection))
        log.warn({ error }, "the session of a device ended by an error");
    }
  }

  #contextOf({ oldTls }: Listener): SecureContext | undefined {
    return oldTls ? this.#certificate.oldContext : this.#certificate.context;
  }

  #servingOf(listener: Listener, leave: () => void): Serving {
    return {
      canStartTls: ({ tlsVersion }) =>
        listener.tls === "starttls" &&
        tlsVersion === null &&
        this.#contextOf(listener) !== undefined,
      secure: async (client) => {
        const context = this.#contextOf(listener);
        if (!context) {
          record(client, "tls_failed");
          throw new HandshakeFailed();
        }
        await client.secure(context).catch((error: unknown) => {
          if (error instanceof Injection || client.isPutOut) throw error;
          if (!(error instanceof NothingSaid)) record(client, tlsOutcome(error));
          // Waiting for a greeting means the client expects no TLS; ending at once is a port check.
          else if (error.afterMs > SECOND_MS) record(client, "tls_not_spoken");
          throw new HandshakeFailed("", { cause: error });
        });
      },
      signIn: async (client, credentials) => {
        const opened = await this.#signIns.signIn(client, credentials);
        if (!("refusal" in opened)) leave();
        return opened;
      },
      refusedPlaintext: (client) => record(client, "plaintext"),
    };
  }
}

class HandshakeFailed extends Error {
  override readonly name = "HandshakeFailed";
}

function record({ protocol, address, says, tlsVersion }: Client, outcome: Outcome): void {
  const said = { protocol, address, client: says, tlsVersion };
  countUp("postkey_device_sign_ins_total", { protocol, outcome });
  recordAttempt({ ...said, outcome, remedyId: null, device: null });
}

type Networks = {
  plaintextFrom: BlockList;
  proxies: BlockList | undefined;
  /** An address must be in each. */
  served: BlockList[];
};

const NO_NETWORK = networkList([]);

function networksOf({ plaintext, from, proxy, oldTls }: Listener): Networks {
  return {
    plaintextFrom: networkList(["127.0.0.0/8", "::1", ...plaintext]),
    proxies: proxy && networkList(proxy),
    served: [from, oldTls].flatMap((networks) => (networks ? [networkList(networks)] : [])),
  };
}

const BY_CODE: readonly [RegExp, Outcome][] = [
  [/ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(?:UNKNOWN|EXPIRED))/, "tls_untrusted"],
  [/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|PROTOCOL_VERSION/, "tls_too_old"],
  [/WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH/, "tls_not_spoken"],
];

function tlsOutcome(error: unknown): Outcome {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? "tls_failed";
}
