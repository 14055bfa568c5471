import { beforeAll, expect, test } from "vitest";
import { dialogue } from "@/e2e/servers/scripted-server";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { withScriptedMailServer } from "@/lib/testing/scripted-mail-server";
import { ALICE } from "@/lib/testing/sign-in";

/** Servers tell after the login what they can do in several ways, and clients look for it in one. */
const LIST = "CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE";
let onLogin = "";
let onCapability = "";
const createDevice = withScriptedMailServer({
  imap: (socket) =>
    dialogue("* OK ready", [
      [/ LOGIN /, onLogin],
      [/ CAPABILITY$/, onCapability],
    ])(socket),
});
const gateway = withDeviceGateway();
let password: string;

beforeAll(async () => {
  password = await createDevice({ name: "Webmail", protocols: ["imap"] });
});

const ASKED = `* ${LIST}\r\n{tag} OK done`;

test.each([
  ["in its verdict", `{tag} OK [${LIST}] in`, "silence"],
  ["on its own", `* ${LIST}\r\n{tag} OK in`, "silence"],
  ["when it is asked, as Exchange does", "{tag} OK in", ASKED],
])(
  "a client has the server's capabilities in the OK of its login, whether the server tells them %s",
  async (_how, login, capability) => {
    [onLogin, onCapability] = [login, capability];
    for (const first of ["a NOOP\r\n", "a CAPABILITY\r\n"]) {
      const wire = await gateway().open("imap");
      wire.write(`${first}b LOGIN ${ALICE} ${password}\r\n`);
      const [, answer] = (await wire.until(/^b .*\r\n/m)).split(/^a OK .*\r\n/m);
      expect(answer).toBe(`b OK [${LIST}] in\r\n`);
      wire.socket.destroy();
    }
  },
);

test("a server that does not tell them lets the client in as it is", async () => {
  [onLogin, onCapability] = ["{tag} OK in", "{tag} NO not now"];
  const wire = await gateway().open("imap");
  expect(await wire.ask(`b LOGIN ${ALICE} ${password}`, /^b .*\r\n/m)).toBe("b OK in\r\n");
  wire.socket.destroy();
});
