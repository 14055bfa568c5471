import { randomInt } from "node:crypto";
import dgram from "node:dgram";
import net from "node:net";

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, RFC 6335 from 49152): any
 * connection could take one of those before the server that it was found for listens.
 */
const PORTS = { first: 20_000, end: 32_768 };
/** How long a port is kept from others that look for one: a demonstration builds before its server listens. */
const KEPT_MS = 15 * 60_000;

/**
 * A port of 127.0.0.1 on which nothing listens, and that is given to no other caller, of any process, for a quarter of an hour.
 * @param {number} [preferred] tried first; any free port otherwise
 * @returns {Promise<number>}
 * @throws when the preferred port may not be used, such as one that needs a privilege
 */
export async function freePort(preferred = 0) {
  for (let port = preferred || anyPort(); ; port = anyPort())
    if ((await isKept(port)) && (await canListen(port))) return port;
}

/**
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export function freePorts(count) {
  return Promise.all(Array.from({ length: count }, () => freePort()));
}

function anyPort() {
  return randomInt(PORTS.first, PORTS.end);
}

/** The kernel gives the UDP port of the same number to one process alone, and takes it back when that ends. */
function isKept(port) {
  const keeper = dgram.createSocket("udp4");
  return new Promise((done, fail) => {
    keeper.once("error", (error) => {
      keeper.close();
      takenOrFailed(error, { done, fail });
    });
    keeper.bind({ port, address: "127.0.0.1", exclusive: true }, () => {
      setTimeout(() => keeper.close(), KEPT_MS).unref();
      keeper.unref();
      done(true);
    });
  });
}

function canListen(port) {
  const server = net.createServer();
  return new Promise((done, fail) => {
    server.once("error", (error) => takenOrFailed(error, { done, fail }));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

function takenOrFailed(error, { done, fail }) {
  if (error.code === "EADDRINUSE") done(false);
  else fail(error);
}

const DEVICE_PORTS = { smtps: 4465, smtp: 4587, imaps: 4993, imap: 4143, pop3s: 4995, pop3: 4110 };

/** Where a gateway listens for devices: this machine, ports that need no privilege, those that people know first. */
export async function freeDeviceListeners() {
  const listeners = [];
  for (const [kind, port] of Object.entries(DEVICE_PORTS))
    listeners.push(`${kind}://127.0.0.1:${await freePort(port)}`);
  return listeners.join(",");
}

/**
 * Makes sure that servers can listen at all of these at once.
 * @param {{ host: string, port: number, variable?: string }[]} wanted
 * @throws with one line that says what to do when a port is in use or may not be used
 */
export async function requireFreePorts(wanted) {
  const servers = [];
  try {
    for (const each of wanted) servers.push(await listenAt(each));
  } finally {
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  }
}

function listenAt({ host, port, variable = "PORT" }) {
  if (!(Number.isInteger(port) && port > 0 && port < 65_536))
    return Promise.reject(new Error(`${variable} must be a port number.`));
  const server = net.createServer();
  return new Promise((done, fail) => {
    server.once("error", ({ code }) => {
      const why = WHY[code] ?? `cannot be used (${code})`;
      fail(
        new Error(`Port ${port} on ${host} ${why}. Set ${variable} to another port or address.`),
      );
    });
    server.listen(port, host, () => done(server));
  });
}

const WHY = {
  EADDRINUSE: "is in use already",
  EACCES: `needs a privilege, as ports below 1024 do: sudo setcap cap_net_bind_service=+ep ${process.execPath} gives it to Node`,
};

/** Where devices connect, as far as it can be read; what can't is told by the check of the configuration. */
export function deviceAddresses(listeners = "") {
  const variable = "POSTKEY_DEVICE_LISTENERS";
  return listeners
    .split(/[\s,]+/)
    .flatMap((text) => (URL.canParse(text) ? [new URL(text)] : []))
    .filter(({ port }) => port !== "")
    .map(({ hostname, port }) => ({
      host: hostname.replace(/[[\]]/g, ""),
      port: Number(port),
      variable,
    }));
}

/** Whether something accepts connections on this loopback port. */
export function isReachable(port) {
  return new Promise((done) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
  });
}
