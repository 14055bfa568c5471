import { createServer } from "node:http";
import { inspect } from "node:util";
import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, test } from "vitest";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { startHttpsServer } from "@/lib/testing/https-server";
import { withInstallation } from "@/lib/testing/sandbox";
import { forgetSingletons } from "@/lib/testing/singletons";
import { postWebhook } from "./post-webhook";

const sandbox = withInstallation();
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const inspectDeep = (error: Error) => inspect(error, { depth: 9, maxStringLength: null });
const message = {
  id: "msg_1",
  body: JSON.stringify({ type: "test", data: { n: "è" } }),
  secret: SECRET,
};

function allow(...hosts: string[]) {
  process.env.POSTKEY_PRIVATE_HOSTS = hosts.join(",");
  // The key is taken out of the environment when it is read.
  process.env.POSTKEY_KEY = Buffer.alloc(32).toString("base64");
  forgetSingletons();
}
beforeAll(() => allow("localhost"));

type Received = { headers: Record<string, string>; body: string };

/** A receiver that answers with a status and keeps what it got. */
async function receiver(status: number, headers: Record<string, string> = {}) {
  const received: Received[] = [];
  const server = await startHttpsServer(sandbox().stateDir, async (request, reply) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers as Record<string, string>, body });
    reply.writeHead(status, headers).end("inner secret of the network");
  });
  return { ...server, received };
}

describe("a webhook", () => {
  test("carries a signature that the library of Standard Webhooks accepts", async () => {
    const server = await receiver(204);
    expect(await postWebhook(`${server.origin}/hook?a=1`, message)).toBe("Answered 204.");
    const [{ headers, body } = { headers: {}, body: "" }] = server.received;
    expect(body).toBe(message.body);
    expect(headers["webhook-id"]).toBe("msg_1");
    expect(new Webhook(SECRET).verify(body, headers)).toEqual({ type: "test", data: { n: "è" } });
    expect(() => new Webhook(SECRET).verify(`${body} `, headers)).toThrow();
    const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
    expect(() => new Webhook(other).verify(body, headers)).toThrow();
    await server.close();
  });

  test.each([302, 307])("does not follow a redirect (%s)", async (status) => {
    const inside = await receiver(200);
    const server = await receiver(status, { location: `${inside.origin}/inside` });
    await expect(postWebhook(server.origin, message)).rejects.toThrow(
      `answered ${status}. Redirects are not followed.`,
    );
    expect(inside.seen).toEqual([]);
    await Promise.all([server.close(), inside.close()]);
  });

  test("never shows the body of an answer", async () => {
    const server = await receiver(500);
    const error: Error = await postWebhook(server.origin, message).catch((thrown) => thrown);
    expect(error.message).toBe("The address answered 500.");
    await server.close();
  });

  test("keeps nothing of an answer in another protocol, which may repeat the address", async () => {
    const server = await startHttpsServer(sandbox().stateDir, ({ url, socket }) =>
      socket.end(`SSH-2.0 ${url}\r\n\r\n`),
    );
    const address = `${server.origin}/services/canary`;
    const error: Error = await postWebhook(address, message).catch((thrown) => thrown);
    expect(error.message).toBe("localhost did not answer in HTTP (HPE_INVALID_CONSTANT).");
    // Node's own error holds the packet.
    expect(inspectDeep(error)).not.toMatch(/canary|SSH/);
    expect(error.cause).not.toHaveProperty("rawPacket");
    await server.close();
  });

  test("is given up when nobody answers, or the answer never begins", async () => {
    const silent = await startHttpsServer(sandbox().stateDir, () => {});
    await expect(postWebhook(silent.origin, message, 300)).rejects.toThrow(
      "did not respond in time",
    );
    const closed = silent.origin;
    await silent.close();
    await expect(postWebhook(closed, message)).rejects.toThrow("cannot be reached (ECONNREFUSED)");
  });

  test("refuses a certificate of another name", async () => {
    const { stateDir } = sandbox();
    const server = await startHttpsServer(stateDir, (_, reply) => reply.end(), "wrongName");
    const refused = postWebhook(server.origin, message);
    await expect(refused).rejects.toThrow("ERR_TLS_CERT_ALTNAME_INVALID");
    await server.close();
  });

  test("goes to a private address only where the operator lists the host", async () => {
    const server = await receiver(200);
    const { port } = new URL(server.origin);
    for (const host of ["127.0.0.1", "[::1]", "0x7f.1", "2130706433", "[::ffff:7f00:1]"])
      await expect(postWebhook(`https://${host}:${port}`, message)).rejects.toThrow(
        "is an address inside the network",
      );
    allow();
    await expect(postWebhook(server.origin, message)).rejects.toThrow(
      "localhost is an address inside the network",
    );
    allow("localhost");
    expect(server.seen).toEqual([]);
    await server.close();
  });

  test("goes over plain http only where the operator lists the host", async () => {
    const answering = () => createServer((_, reply) => reply.end());
    const { port, close } = await listenOnLoopback(answering);
    expect(await postWebhook(`http://localhost:${port}`, message)).toBe("Answered 200.");
    await expect(postWebhook(`http://127.0.0.1:${port}`, message)).rejects.toThrow("https only");
    await close();
  });
});
