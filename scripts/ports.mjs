import { randomInt } from "node:crypto";
import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, RFC 6335 from 49152): any
 * connection could take one of those before the server that it was found for listens.
 */
const PORTS = [20_000, 32_768];
/** How long a port is kept from others that look for one: a demonstration builds before its server listens. */
const KEPT_MS = 15 * 60_000;

/**
 * A port of 127.0.0.1 on which nothing listens, and that is given to no other caller, of any process, for a quarter of an hour.
 * @param {number} [preferred] tried first; any free port otherwise
 * @returns {Promise<number>}
 * @throws when the preferred port may not be used, such as one that needs a privilege
 */
export async function freePort(preferred = 0) {
  for (let port = preferred || randomInt(...PORTS); ; port = randomInt(...PORTS))
    if ((await keep(port)) && (await canListen(port))) return port;
}

export function freePorts(count) {
  return Promise.all(Array.from({ length: count }, () => freePort()));
}

/** The kernel gives the UDP port of the same number to one process alone, and takes it back when that ends. */
async function keep(port) {
  const keeper = dgram.createSocket("udp4").unref();
  keeper.bind({ port, address: "127.0.0.1", exclusive: true });
  const isOurs = await isListening(keeper);
  setTimeout(() => keeper.close(), isOurs ? KEPT_MS : 0).unref();
  return isOurs;
}

async function canListen(port) {
  const server = net.createServer().listen(port, "127.0.0.1");
  if (!(await isListening(server))) return false;
  await new Promise((done) => server.close(done));
  return true;
}

async function isListening(socket) {
  try {
    await once(socket, "listening");
    return true;
  } catch (error) {
    if (error.code === "EADDRINUSE") return false;
    throw error;
  }
}

const DEVICE_PORTS = { smtps: 4465, smtp: 4587, imaps: 4993, imap: 4143, pop3s: 4995, pop3: 4110 };

/** Where a gateway listens for devices: this machine, ports that need no privilege, those that people know first. */
export async function freeDeviceListeners() {
  const listeners = Object.entries(DEVICE_PORTS).map(
    async ([kind, port]) => `${kind}://127.0.0.1:${await freePort(port)}`,
  );
  return (await Promise.all(listeners)).join(",");
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

async function listenAt({ host, port, variable = "PORT" }) {
  try {
    const server = net.createServer().listen(port, host);
    await once(server, "listening");
    return server;
  } catch (error) {
    const why = WHY[error.code] ?? `cannot be used (${error.code})`;
    const what = `Port ${port} on ${host} ${why}. Set ${variable} to another port or address.`;
    throw new Error(what, { cause: error });
  }
}

const WHY = {
  EADDRINUSE: "is in use already",
  EACCES: `needs a privilege, as ports below 1024 do: sudo setcap cap_net_bind_service=+ep ${process.execPath} gives it to Node`,
};

/** Where devices connect, as far as it can be read; what can't is told by the check of the configuration. */
export function deviceAddresses(listeners = "") {
  return listeners
    .split(/[\s,]+/)
    .flatMap((text) => (URL.canParse(text) ? [new URL(text)] : []))
    .filter(({ port }) => port !== "")
    .map(({ hostname, port }) => ({
      host: hostname.replace(/[[\]]/g, ""),
      port: Number(port),
      variable: "POSTKEY_DEVICE_LISTENERS",
    }));
}
