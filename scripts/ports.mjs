import net from "node:net";

/** @param {number} [preferred] tried first; any free port otherwise */
export function freePort(preferred = 0) {
  return new Promise((done, fail) => {
    const server = net.createServer();
    server.once("error", (error) => {
      if (preferred && error.code === "EADDRINUSE") freePort().then(done, fail);
      else fail(error);
    });
    server.listen(preferred, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

const DEVICE_PORTS = { smtps: 4465, smtp: 4587, imaps: 4993, imap: 4143, pop3s: 4995, pop3: 4110 };

/**
 * Where a gateway listens for devices: this machine, ports that need no privilege.
 * @param {{ areKnown?: boolean }} [options] whether those that people know are tried first; of two that start at
 *   once both would find them free
 */
export async function freeDeviceListeners({ areKnown = true } = {}) {
  const listeners = [];
  for (const [kind, port] of Object.entries(DEVICE_PORTS))
    listeners.push(`${kind}://127.0.0.1:${await freePort(areKnown ? port : 0)}`);
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
