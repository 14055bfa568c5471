import { expect, test } from "vitest";
import { dialogue } from "@/e2e/servers/scripted-server";
import { listenerOf, Wire } from "@/lib/testing/device-gateway";
import { withScriptedMailServer } from "@/lib/testing/scripted-mail-server";
import { ALICE } from "@/lib/testing/sign-in";
import { startDeviceListeners } from "./listeners";

/** A gateway that stops while a message of POP3 is under way and nothing of it has come for a while. */
const HALF = "+OK Here it is.\r\nSubject: Long\r\n\r\nThe first half.";
const createDevice = withScriptedMailServer(
  dialogue("+OK Ready.", [
    [/^USER/, "+OK"],
    [/^PASS/, "+OK In."],
    [/^RETR/, HALF],
  ]),
);

test("no line of the gateway gets into the message: the connection ends", async () => {
  const password = await createDevice({ name: "Fetcher", protocols: ["pop3"] });
  const { ports, stop } = await startDeviceListeners([listenerOf("pop3")]);
  const wire = await Wire.greeted(ports[0] ?? 0);
  await wire.ask(`USER ${ALICE}`, /^\+OK/);
  await wire.ask(`PASS ${password}`, /^\+OK Logged/);
  await wire.ask("RETR 1", /first half\.\r\n/);
  await stop();
  expect(await wire.closed()).toBe("");
}, 40_000);
