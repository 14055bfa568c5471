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
