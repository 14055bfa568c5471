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
 * Makes sure that a server can listen there.
 * @throws with one line that says what to do when the port is in use or may not be used
 */
export function requireFreePort({ host, port, variable = "PORT" }) {
  if (!(Number.isInteger(port) && port > 0 && port < 65_536))
    return Promise.reject(new Error(`${variable} must be a port number.`));
  const server = net.createServer();
  return new Promise((done, fail) => {
    server.once("error", ({ code }) =>
      fail(
        new Error(
          code === "EADDRINUSE"
            ? `Port ${port} on ${host} is in use by another program. Stop it, or set ${variable} to another port.`
            : `Port ${port} on ${host} cannot be used (${code}). Set ${variable} or POSTKEY_HOST.`,
        ),
      ),
    );
    server.listen(port, host, () => server.close(() => done()));
  });
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
