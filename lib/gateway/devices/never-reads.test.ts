import { spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { administrator } from "@/lib/testing/actors";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** A device that sends commands and never reads a reply: what the gateway itself holds for it has an end. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let password: string;

const accepted = new Set<Socket>();
const note = (message: unknown) => {
  if (typeof message !== "object" || message === null || !("socket" in message)) return;
  accepted.add(message.socket as Socket);
};
beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["smtp" as const];
  ({ password } = await createDevice(ada, { name: "Never reads", emailAccountId, protocols }));
  subscribe("net.server.socket", note);
});
afterAll(() => unsubscribe("net.server.socket", note));

/** What waits in Postkey's own memory, beside what the system has taken. */
const held = () => {
  const ofDevices = [...accepted].filter(({ localPort }) => localPort === gateway().ports.smtp);
  return Math.max(0, ...ofDevices.map(({ writableLength }) => writableLength));
};

/** Says the same for ever, until nothing of it was taken for two seconds. */
const SCRIPT = `import base64, os, socket
line = socket.socket()
line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
line.settimeout(30)
line.connect(("127.0.0.1", int(os.environ["PORT"])))
line.recv(1000)
plain = "\\0%s\\0%s" % (os.environ["USER_NAME"], os.environ["PASSWORD"])
line.sendall(b"AUTH PLAIN " + base64.b64encode(plain.encode()) + b"\\r\\n")
assert line.recv(1000).startswith(b"235"), "not logged in"
commands = os.environ["COMMAND"].encode() + b"\\r\\n"
line.settimeout(2)
try:
    for _ in range(int(os.environ["THOUSANDS"])):
        line.sendall(commands * 1000)
    print("all taken")
except socket.timeout:
    print("not taken")
except OSError:
    print("ended")
`;

/** The system itself takes some megabytes on both sides. */
const THOUSANDS = 4_000;
const MOST = 512 * 1024;

async function flood(command: string) {
  const values = { PORT: `${gateway().ports.smtp}`, USER_NAME: ALICE, PASSWORD: password };
  const env = { ...process.env, ...values, COMMAND: command, THOUSANDS: `${THOUSANDS}` };
  const client = spawn("python3", ["-c", SCRIPT], { env });
  let [most, output] = [0, ""];
  client.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const sampling = setInterval(() => {
    most = Math.max(most, held());
    // It is not to be seen how much more it would hold.
    if (most > MOST) client.kill();
  }, 20);
  await once(client, "close");
  clearInterval(sampling);
  return { most, output: output.trim() };
}

test.each([
  ["megabytes of commands are not taken", "EHLO x", "not taken"],
  ["commands that are refused end it", "AUTH", "ended"],
])(
  "%s, and no replies are kept",
  async (_what, command, end) => {
    const { most, output } = await flood(command);
    expect(most).toBeLessThan(MOST);
    expect(output).toBe(end);
  },
  120_000,
);
